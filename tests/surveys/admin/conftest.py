import pytest


@pytest.fixture
def draft(questionnaire, organisation):
    """The questionnaire of Ada's own region."""
    questionnaire.team = organisation.east
    questionnaire.save()
    return questionnaire


@pytest.fixture
def ada(client, staff):
    client.force_login(staff.ada)
    return client
