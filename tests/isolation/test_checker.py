"""The matrix goes red: with scope switched off in one part of the product it names the leak.

A page that shows nothing any more is named too.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from rest_framework.viewsets import GenericViewSet

from feedback_site.accounts.admin.scope import scoped
from feedback_site.accounts.api.views import ScopedViewSet
from feedback_site.accounts.enums import Role
from feedback_site.accounts.models.team import TeamQuerySet
from feedback_site.customers.admin import CustomerAdmin
from feedback_site.customers.models import Customer
from feedback_site.improvements.admin import ProblemAdmin
from feedback_site.improvements.models import Problem
from surveys.models import Invitation
from tests.isolation.addresses import Address, all_addresses
from tests.isolation.canaries import kind_of, lacking
from tests.isolation.places import Mark, Scope, marks_in, word
from tests.isolation.readers import staff_reader, system
from tests.isolation.walking import walk
from visits.models import ReturnVisit


def about(model: type) -> list[Address]:
    return [address for address in all_addresses() if address.model is model]


def named(name: str) -> list[Address]:
    return [address for address in all_addresses() if address.name == name]


def unscoped_list(monkeypatch: Any) -> None:
    monkeypatch.setattr(
        CustomerAdmin, "get_queryset", lambda self, request: Customer.objects.prefetch_related("consents")
    )


def unscoped_choice(monkeypatch: Any) -> None:
    monkeypatch.setattr(ProblemAdmin, "formfield_for_foreignkey", admin.ModelAdmin.formfield_for_foreignkey)


def unscoped_selector(monkeypatch: Any) -> None:
    monkeypatch.setattr(TeamQuerySet, "for_user", lambda self, principal: self.all())


@pytest.mark.parametrize(
    ("switch_off", "addresses"),
    [
        (unscoped_list, lambda: about(Customer)),
        (unscoped_choice, lambda: about(Problem)),
        (unscoped_selector, lambda: named("response-rates")),
    ],
)
def test_scope_switched_off_in_one_place_is_found(
    switch_off: Callable[[Any], None], addresses, world, monkeypatch
):
    reader = staff_reader(world, Role.SURVEY_STAFF)

    before = walk(reader, world, addresses=addresses())
    switch_off(monkeypatch)
    after = walk(reader, world, addresses=addresses())

    assert before.findings == []
    assert any("West" in leak.word for leak in after.leaks)


def test_a_viewset_without_scope_is_found(world, monkeypatch):
    key = system(world, place="West")

    before = walk(key, world, addresses=[address for address in about(Invitation) if address.is_api])
    monkeypatch.setattr(ScopedViewSet, "get_queryset", GenericViewSet.get_queryset)
    after = walk(key, world, addresses=[address for address in about(Invitation) if address.is_api])

    assert before.findings == []
    assert after.leaks != []


def test_a_page_that_hides_what_its_reader_may_see_is_found(world, monkeypatch):
    reader = staff_reader(world, Role.SURVEY_STAFF)
    monkeypatch.setattr(
        CustomerAdmin, "get_queryset", lambda self, request: scoped(Customer.objects.none(), request.user)
    )

    report = walk(reader, world, addresses=about(Customer))

    assert report.leaks == []
    assert report.blind != []


def test_a_row_without_a_canary_is_found(world):
    visit = world.rows[ReturnVisit]["Own"]
    customer = world.rows[Customer]["Own"]
    Customer.objects.filter(pk=customer.pk).update(name_mask="unmarked", external_id="1")

    assert lacking(visit, word("Own", kind_of(visit))) == []
    assert lacking(customer, word("Own", "Case")) == [
        "customers.customer.external_id",
        "customers.customer.name_mask",
    ]


def test_words_cut_short_and_keys_count():
    keys = {"018f0000-0000-7000-8000-000000000000": Mark("West", "Figure")}

    found = marks_in(
        "kanariwestfi… KanariOwnStaff 018f0000-0000-7000-8000-000000000000 "
        "018f0000-0000-7000-8000-000000000001",
        keys,
    )

    assert set(found.values()) == {Mark("West", "Case"), Mark("Own", "Staff"), Mark("West", "Figure")}


@pytest.mark.parametrize(
    ("scope", "mark", "may"),
    [
        (Scope("subtree", "Own"), Mark("Child", "Case"), True),
        (Scope("subtree", "Own"), Mark("Parent", "Case"), False),
        (Scope("subtree", "Own"), Mark("Sister", "Case"), False),
        (Scope("subtree", "Own"), Mark("Parent", "Script"), True),
        (Scope("subtree", "Own"), Mark("Sister", "Script"), False),
        (Scope("subtree", "Parent"), Mark("Child", "Staff"), True),
        (Scope("figures"), Mark("West", "Figure"), True),
        (Scope("figures"), Mark("West", "Case"), False),
        (Scope("assigned"), Mark("Own", "Case"), True),
        (Scope("assigned"), Mark("Own", "Figure"), False),
        (Scope("nothing"), Mark("Own", "Team"), False),
        (Scope("all"), Mark("West", "Export"), False),
    ],
)
def test_who_may_read_what_is_stated_here_anew(scope, mark, may):
    assert scope.allows(mark) is may
