from tests.factories.visits.calls import ada, due, ellen, now, tomorrow, visit

__all__ = ["ada", "due", "ellen", "now", "tomorrow", "visit"]
