"""`manage.py verify` and free text.

One row in which a contact stands in clear is named, whatever kind of row it is.
"""

# ruff: noqa: S608 - statements are made of what this module made

import json

import pytest

from surveys.models import Response
from tests.factories.conservation.tampering import red_checks, tamper

IN_CLEAR = json.dumps({"remark": "ann@example.com"})
SENT = "(SELECT id FROM service_events_serviceevent WHERE external_id = 'sent')"


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        (f"UPDATE service_events_serviceevent SET attributes = '{IN_CLEAR}' WHERE id = {SENT}", "event"),
        (
            (
                f"UPDATE service_events_serviceevent SET body = '{{\"attributes\": {IN_CLEAR}}}' WHERE id = "
                f"{SENT}"
            ),
            "event",
        ),
        (f"UPDATE service_events_serviceevent SET product_line = '138 0000 0104' WHERE id = {SENT}", "event"),
        (
            (
                f"UPDATE service_events_serviceeventtransition SET details = '{IN_CLEAR}' WHERE event_id = "
                f"{SENT}"
            ),
            "transition",
        ),
        (f"UPDATE surveys_response SET off_path = '{IN_CLEAR}'", "response"),
    ],
)
def test_a_contact_in_clear_is_named(world, statement, kind):
    event = world.events["sent"]
    rows = {
        "event": [event.pk],
        "transition": list(event.transitions.values_list("pk", flat=True)),
        "response": list(Response.objects.values_list("pk", flat=True)),
    }

    tamper(statement)

    found = red_checks()
    assert {slug: sorted(keys) for slug, keys in found.items()} == {
        "words_are_masked": sorted(map(str, rows[kind]))
    }
