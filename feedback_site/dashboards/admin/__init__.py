from feedback_site.dashboards.admin.export import ExportAdmin

__all__ = ["ExportAdmin"]
