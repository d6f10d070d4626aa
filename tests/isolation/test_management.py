"""Management sees figures of many, and not one single case."""

import pytest

from feedback_site.accounts.enums import Role
from feedback_site.accounts.models import User
from feedback_site.evaluations.models import EvaluationRecord, Measurement, RecordLine
from tests.isolation.addresses import all_addresses
from tests.isolation.canaries import kind_of
from tests.isolation.places import PARENTS, Mark
from tests.isolation.readers import staff_reader
from tests.isolation.walking import OK, Report, ask_for
from tests.isolation.world import is_scoped

FORBIDDEN, LISTS, FEWEST_PAGES = 403, 3, 100
# Histories and short addresses of rows that do not exist for the
# reader lead away from them; what is only posted to says so first.
CLOSED = {302, FORBIDDEN, 404, 405}
FIGURES = {"Figure", "Rule", "Team"}


@pytest.fixture
def management(world):
    return staff_reader(world, Role.MANAGEMENT)


def of_single_cases(address) -> bool:
    return (
        address.model is not None
        and is_scoped(address.model)
        and kind_of(address.model()) in {"Case", "Staff", "Script"}
    )


def is_closed(address) -> bool:
    """Whether a page shows single cases, or the tallies from which they could be told."""
    return of_single_cases(address) or address.name.startswith(
        ("surveys_responsetally", "surveys_indicatortally")
    )


def test_every_page_of_single_cases_is_closed(world, management):
    # Sending a form is not asked of a reader: what only takes posts says so before it looks who asks.
    staff_pages = [address for address in all_addresses() if not address.is_api]
    pages = [address for address in staff_pages if is_closed(address)]

    answers = {
        address.route: management.client.get(address.at(world, "Own")).status_code for address in pages
    }

    assert {route: status for route, status in answers.items() if status not in CLOSED} == {}
    lists_and_additions = [route for route in answers if route.count("/") == LISTS]
    lists_and_additions += [route for route in answers if route.endswith("/add/")]
    assert {answers[route] for route in lists_and_additions} == {FORBIDDEN}
    # An import out of scope does not exist; of other rows Django says that they may not be opened.
    assert {status for route, status in answers.items() if route.endswith("/change/")} <= {FORBIDDEN, 404}
    assert len(answers) > FEWEST_PAGES


def test_figures_of_every_team_are_open_and_name_no_case(world, management):
    report = Report(management.name)
    seen = set()

    for address in all_addresses():
        if address.is_api or address.is_public or of_single_cases(address):
            continue
        answer = ask_for(management, "GET", address.at(world, "West"), world, report)
        if answer.status == OK:
            assert {mark.kind for mark in answer.marks.values() if mark.place in PARENTS} <= FIGURES, (
                address.route
            )
            seen |= set(answer.marks.values())

    assert report.leaks == []
    assert {Mark(place, "Figure") for place in PARENTS} <= seen


@pytest.mark.parametrize("model", [Measurement, EvaluationRecord])
def test_a_colleagues_figures_do_not_exist_for_management(world, management, model):
    row = model.objects.get(subject_kind="agent", team=world.teams["West"])
    page = f"/admin/evaluations/{model.__name__.lower()}/"
    addresses = [f"{page}{row.pk}/{end}" for end in ("change/", "history/")]

    assert {management.client.get(address).status_code for address in addresses} <= CLOSED
    # Filters find no colleague's rows, and those of the teams.
    found = [
        management.client.get(page, {"subject_kind__exact": kind}).context_data["cl"].result_count
        for kind in ("agent", "team")
    ]
    assert found == [0, len(world.teams)]
    # Quality management sees them.
    quality = User(role=Role.QUALITY_MANAGEMENT)
    assert model.objects.for_user(quality).filter(pk=row.pk).exists()


def test_lines_of_a_colleagues_record_are_no_figures_of_many(world, management):
    user = management.user
    rows = RecordLine.objects.for_user(user)

    assert rows.exists()
    assert not rows.filter(record__subject_kind="agent").exists()
