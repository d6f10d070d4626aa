from tests.factories.visits.fixtures import repairs

__all__ = ["repairs"]
