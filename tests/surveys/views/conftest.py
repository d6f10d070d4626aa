"""Links to a published questionnaire."""

from tests.factories.surveys.fixtures import link, make_link, version

__all__ = ["link", "make_link", "version"]
