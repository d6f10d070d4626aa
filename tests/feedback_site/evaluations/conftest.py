from tests.factories.evaluations.fixtures import _english, measure, scheme

__all__ = ["_english", "measure", "scheme"]
