from tests.factories.delivery.fixtures import clock, notices, queue

__all__ = ["clock", "notices", "queue"]
