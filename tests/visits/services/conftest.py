import pytest

from visits.models import ReturnVisit


@pytest.fixture
def visit(repairs) -> ReturnVisit:
    """Ellen's visit to a complaint, due from Friday 16:00."""
    return repairs.visit()
