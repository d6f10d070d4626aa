from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Purpose(TextChoices):
    """What a customer may be contacted for: one list for consent, caps, invitations and tokens."""

    SURVEY = "survey", _("questionnaire after a service")
    NPS = "nps", _("NPS survey")
    VISIT = "visit", _("return visit")
    OPEN = "open", _("open questionnaire")


# An open questionnaire is sent to no customer, so there is nothing to consent to.
CONSENT_PURPOSES = [Purpose.SURVEY, Purpose.NPS, Purpose.VISIT]


class FileType(TextChoices):
    """What a customer's file may be once it is kept."""

    JPEG = "image/jpeg", _("photo (JPEG)")
    PNG = "image/png", _("picture (PNG)")
    PDF = "application/pdf", _("document (PDF)")
    SVG = "image/svg+xml", _("drawing (SVG)")
    TEXT = "text/plain", _("typed text")

    @property
    def ending(self) -> str:
        """The ending of a name that we give."""
        endings = {
            FileType.JPEG: "jpg",
            FileType.PNG: "png",
            FileType.PDF: "pdf",
            FileType.SVG: "svg",
            FileType.TEXT: "txt",
        }
        return endings[self]
