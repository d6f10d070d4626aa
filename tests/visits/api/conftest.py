from tests.visits.views.conftest import due, now, visit

__all__ = ["due", "now", "visit"]
