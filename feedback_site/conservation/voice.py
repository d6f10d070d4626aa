"""What must hold of complaints that customers send themselves."""

from django.utils.translation import gettext_lazy as _

from feedback_site.conservation.check import Check

COMPLAINTS_ARE_CASES = Check(
    slug="complaints_are_cases",
    sentence=_(
        "every complaint that a customer sent is exactly one service event of its number, and no such event "
        "lost its complaint"
    ),
    sql="""
        SELECT entry.id AS key, 'complaint ' || CASE
            WHEN event.id IS NULL THEN 'without a service event'
            ELSE 'and its event differ in number, customer or opening' END AS detail
        FROM voice_voiceentry entry
        LEFT JOIN service_events_serviceevent event ON event.id = entry.service_event_id
        WHERE entry.kind = 'complaint' AND (
            event.id IS NULL OR event.source <> 'voice' OR event.external_id <> entry.reference
            OR event.opened_at <> entry.received_at OR event.customer_id IS DISTINCT FROM entry.customer_id
        )
        UNION ALL
        SELECT entry.id, entry.kind || ' with a service event'
        FROM voice_voiceentry entry
        WHERE entry.kind <> 'complaint' AND entry.service_event_id IS NOT NULL
        UNION ALL
        SELECT event.id, 'service event without its complaint'
        FROM service_events_serviceevent event
        WHERE event.source = 'voice' AND NOT EXISTS (SELECT FROM voice_voiceentry entry
          WHERE entry.service_event_id = event.id)
    """,
)

VOICE_CHECKS = (COMPLAINTS_ARE_CASES,)
