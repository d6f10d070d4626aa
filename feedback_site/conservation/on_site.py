"""Answers that customers gave to a code that staff showed."""

from django.utils.translation import gettext_lazy as _

from feedback_site.conservation.check import Check
from feedback_site.conservation.recent import Scope

# What was given on site keeps what makes it so: its own code, in
# time, by the customer's phone where it says so, and the mode.
ON_SITE_ANSWERS_BY_THEIR_CODE = Check(
    slug="on_site_answers_by_their_code",
    scope=Scope.CASES,
    sentence=_(
        "every response given on site came by a code that staff showed for it, in time, and is marked so"
    ),
    sql="""
        SELECT answer.response_id AS key, concat_ws(', ', response.mode, 'code until ' || link.expires_at) AS
          detail
        FROM surveys_response response
        JOIN surveys_onsiteanswer answer ON answer.response_id = response.invitation_id
        JOIN surveys_onsitelink link ON link.id = answer.link_id
        WHERE response.mode <> 'on_site' OR link.invitation_id <> answer.response_id
            OR response.submitted_at NOT BETWEEN link.shown_at AND link.expires_at
            OR answer.is_confirmed <> (link.confirmed_at IS NOT NULL)
            OR (link.needs_digits AND link.confirmed_at IS NULL)
    """,
)
