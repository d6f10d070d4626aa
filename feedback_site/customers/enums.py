from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Purpose(TextChoices):
    """What a customer may be contacted for: one list for consent, caps, invitations and tokens."""

    SURVEY = "survey", _("questionnaire after a service")
    NPS = "nps", _("recommendation survey")
    VISIT = "visit", _("return visit")
    OPEN = "open", _("open questionnaire")


# Nobody is sent an open questionnaire, so there is nothing to consent to.
CONSENT_PURPOSES = [Purpose.SURVEY, Purpose.NPS, Purpose.VISIT]
