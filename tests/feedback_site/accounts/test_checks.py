"""The site does not start with an action without words or with a model that no app states."""

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db.models import TextChoices

from feedback_site.accounts.checks import (
    actions_are_registered,
    faults_of,
    permissions_are_stated,
    unregistered,
)
from feedback_site.accounts.enums import AccountAccess, Role
from feedback_site.customers import permissions

CUSTOMERS = apps.get_app_config("customers")


def changed(*, none=frozenset(), granted=frozenset(), roles=Role):
    stated = {role: permissions.PERMISSIONS[role] | granted for role in roles}
    return SimpleNamespace(PERMISSIONS=stated, FOR_NO_ROLE=permissions.FOR_NO_ROLE ^ none)


def test_each_model_of_the_site_is_stated_by_its_own_app_for_every_role_or_for_none():
    assert permissions_are_stated() == []


@pytest.mark.parametrize(
    ("module", "fault"),
    [
        (changed(none={"sealedtext"}), "must state sealedtext"),
        (changed(none={"customer"}), "must state customer"),
        (changed(granted={"view_sealedfile"}), "must state sealedfile"),
        (changed(granted={"view_team"}), "what no model of the app has: ['view_team']"),
        (changed(roles=list(Role)[:-1]), "says nothing of [Role.ADMINISTRATOR]"),
    ],
)
def test_what_an_app_leaves_open_is_named(module, fault):
    (found,) = faults_of(module, CUSTOMERS)

    assert fault in found


def test_an_app_of_the_site_without_permissions_is_named(monkeypatch):
    monkeypatch.setattr("feedback_site.accounts.checks.permissions_module", lambda _config: None)

    named = {fault.msg for fault in permissions_are_stated()}

    assert {f"{name}.permissions is missing." for name in ("feedback_site.common", "surveys", "nps")} <= named
    assert "axes.permissions is missing." not in named


def test_actions_that_no_app_registers_are_named():
    forgotten = TextChoices("ForgottenAccess", {"DONE": ("done_unseen", "done")})

    (fault,) = unregistered([AccountAccess, forgotten])

    assert actions_are_registered() == []

    assert "ForgottenAccess is not registered" in fault.msg
