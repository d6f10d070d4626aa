from feedback_site.dashboards.models.export import Export

__all__ = ["Export"]
