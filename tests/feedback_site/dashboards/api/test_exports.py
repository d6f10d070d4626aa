"""`/api/v1/exports/`: ask, poll, download, cancel."""

import json

import pytest
from django.test import Client

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.models import ApiKey
from feedback_site.accounts.services import create_api_key
from feedback_site.common.clock import database_now
from feedback_site.dashboards.models import Export
from feedback_site.dashboards.services.exporting import run_exports
from tests.factories.dashboards.export_files import write_export
from tests.factories.dashboards.exports import EAST, WEST, read_rows

ADDRESS = "/api/v1/exports/"


class Caller:
    def __init__(self, key: str) -> None:
        self.options = {"headers": {"Authorization": f"Api-Key {key}"}}

    def get(self, address):
        return Client().get(address, **self.options)

    def ask(self, **body):
        return Client().post(
            ADDRESS,
            json.dumps({"kind": "responses", **body}),
            content_type="application/json",
            **self.options,
        )

    def delete(self, address):
        return Client().delete(address, **self.options)


@pytest.fixture
def east(cases, east_api_key) -> Caller:
    return Caller(east_api_key)


@pytest.mark.django_db(transaction=True)
def test_a_key_asks_polls_and_downloads_what_it_may_see(east):
    asked = east.ask(filters={"team": "east"}, language="en")
    before = east.get(asked.json()["links"]["self"] + "download/")

    run_exports(at=database_now())

    polled = east.get(asked.json()["links"]["self"]).json()
    file = east.get(polled["links"]["download"])
    content = b"".join(file.streaming_content)
    assert (asked.status_code, asked.json()["status"], asked.json()["links"]["download"]) == (
        202,
        "queued",
        None,
    )
    assert (before.status_code, before.json()["message"]) == (
        409,
        "The export is still running. Please come back in a minute.",
    )
    assert (polled["status"], polled["rows_done"], polled["rows_total"]) == ("done", 1, 1)
    assert file.headers["Content-Disposition"].startswith("attachment; filename=")
    assert (file.headers["Content-Type"], file.headers["X-Content-Type-Options"]) == (
        "text/csv; charset=utf-8",
        "nosniff",
    )
    assert [row["comment: Anything else?"] for row in read_rows(content)] == [EAST]
    assert WEST.encode() not in content


def test_wrong_fields_and_filters_are_named(east):
    unknown = east.ask(colour="red", kind="customers").json()
    foreign = east.ask(filters={"team": "west-1", "phone": "138"})

    assert set(unknown["extra"]["fields"]) == {"colour", "kind"}
    assert (foreign.status_code, set(foreign.json()["extra"]["fields"])) == (400, {"team", "phone"})
    assert not Export.objects.exists()


def test_an_export_of_nothing_is_refused(east):
    answer = east.ask(filters={"to": "2020-01-01"})

    assert (answer.status_code, answer.json()["message"]) == (
        400,
        "There is nothing to export: no row matches these filters.",
    )


def test_a_key_without_the_grants_is_refused(cases):
    exports_only = Caller(create_api_key(name="a", grants=[Grant.EXPORTS_WRITE])[1])
    reads_only = Caller(create_api_key(name="b", grants=[Grant.RESPONSES_READ])[1])

    assert [exports_only.ask().status_code, reads_only.ask().status_code] == [403, 403]


def test_the_export_of_another_does_not_exist(east, api_key):
    export = write_export(by=ApiKey.objects.get(name="crm"), text="x", at=database_now())
    address = f"{ADDRESS}{export.pk}/"

    answers = [east.get(address), east.get(f"{address}download/"), east.delete(address)]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert east.get(ADDRESS).json()["results"] == []
    assert Caller(api_key).get(address).status_code == 200


def test_a_file_whose_time_is_over_is_gone(east, noon):
    export = write_export(by=ApiKey.objects.get(name="crm east"), text="x", at=noon)
    Export.objects.filter(pk=export.pk).update(expires_at=database_now(), file_name="")

    answer = east.get(f"{ADDRESS}{export.pk}/download/")

    assert (answer.status_code, answer.json()["message"]) == (
        410,
        "The file was removed after seven days. Ask for a new export.",
    )


def test_a_waiting_export_is_cancelled_and_a_ready_one_is_not(east):
    waiting = east.ask().json()
    ready = write_export(by=ApiKey.objects.get(name="crm east"), text="x", at=database_now())

    cancelled = east.delete(waiting["links"]["self"])

    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert east.delete(f"{ADDRESS}{ready.pk}/").status_code == 409


def test_the_list_knows_what_changed_since(east):
    first = east.ask().json()

    everything = east.get(f"{ADDRESS}?updated_since={first['queued_at']}").json()["results"]
    nothing = east.get(f"{ADDRESS}?updated_since={database_now().isoformat()}").json()["results"]

    assert [export["id"] for export in everything] == [first["id"]]
    assert nothing == []
