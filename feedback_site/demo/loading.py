"""Loads the sample once; a second run finds it and leaves it alone."""

from collections.abc import Callable

from django.db import connection, transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import Team, User
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import ConflictError
from feedback_site.demo.campaigns import load_campaigns
from feedback_site.demo.history import load_history
from feedback_site.demo.openings import load_open_questionnaires
from feedback_site.demo.organisation import SURVEY, load_organisation, organisation_on_record, publish_samples
from feedback_site.demo.profiles import TEAMS
from feedback_site.demo.records import load_records, publish_past_records
from feedback_site.demo.staff import ADMIN, new_password, set_up_staff
from feedback_site.demo.visits import load_visits
from feedback_site.demo.voice import load_voice
from feedback_site.evaluations.models import EvaluationRecord
from feedback_site.evaluations.services import load_after_sales_scheme
from feedback_site.service_events.models import ServiceEvent
from nps.models import CampaignMember
from surveys.models import Response, Survey


def load_sample(*, say: Callable[[str], None] = lambda _line: None) -> bool:
    """Load organisation, history and records on an empty site; return False where they are loaded.

    Tells `say` of each step.

    ConflictError on a site that holds something else, or a sample whose loading was cut short.
    """
    if Team.objects.exists():
        _refuse_unless_complete()
        return False
    at = database_now()
    with transaction.atomic():
        load_after_sales_scheme()
        load_organisation()
        set_up_staff(password=new_password())
        publish_samples(by=User.objects.get(username="surveys"), at=at)
    organisation = organisation_on_record()
    say(
        _("Teams: %(teams)d, staff: %(staff)d")
        % {"teams": len(organisation.teams), "staff": User.objects.count()}
    )
    months = load_history(organisation=organisation, at=at)
    say(
        _("Service events of %(months)d months: %(events)d, responses: %(responses)d")
        % {
            "months": len(months),
            "events": ServiceEvent.objects.count(),
            "responses": Response.objects.count(),
        },
    )
    load_records(months=months, organisation=organisation, at=database_now())
    say(_("Evaluation records: %(count)d") % {"count": EvaluationRecord.objects.count()})
    load_campaigns(by=User.objects.get(username="quality"), at=database_now())
    say(_("Customers in NPS campaigns: %(count)d") % {"count": CampaignMember.objects.count()})
    say(_("Return visits: %(count)d") % {"count": load_visits(at=database_now())})
    say(_("Complaints, suggestions and praise: %(count)d") % {"count": load_voice(at=database_now())})
    say(
        _("Answers to open questionnaires: %(count)d")
        % {"count": load_open_questionnaires(at=database_now())}
    )
    publish_past_records(
        months=months,
        reviewer=User.objects.get(username="quality"),
        publisher=User.objects.get(username=ADMIN),
        at=database_now(),
    )
    _tell_the_planner()
    return True


def _tell_the_planner() -> None:
    """Let PostgreSQL look at what was loaded.

    With plans made for empty tables the first sweeps would take seconds.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _refuse_unless_complete() -> None:
    codes = {team.code for team in TEAMS}
    is_sample = (
        Team.objects.filter(code__in=codes).count() == len(codes)
        and User.objects.filter(username=ADMIN).exists()
    )
    if not is_sample:
        raise ConflictError(_("This database holds other data; the demo loads its sample into an empty one."))
    if not (
        Survey.objects.filter(slug=SURVEY).exists()
        and EvaluationRecord.objects.filter(team__code__in=codes, status="published").exists()
    ):
        raise ConflictError(_("The sample was loaded only in part. `make demo-reset` starts over."))
