from tests.factories.nps.fixtures import field_work

__all__ = ["field_work"]
