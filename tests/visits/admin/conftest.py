from tests.factories.visits.calls import due, now, visit

__all__ = ["due", "now", "visit"]
