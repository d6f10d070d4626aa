from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.enums import AccessAction, Weight


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


class CustomerAccess(AccessAction):
    """What this app puts on record in the access log."""

    CONTACT_REVEALED = "contact_revealed", _("contact revealed")
    PREFERENCES_RECORDED = "preferences", _("customer's preferences recorded")
    FILE_OPENED = "file_opened", _("customer's file opened")
    CONTACT_CHANGED = "contact_changed", _("customer's contact changed")
    WORDS_OPENED = "words_opened", _("masked words opened")

    @property
    def weight(self) -> Weight:
        """Contacts and files that were looked at stand out."""
        return "warning" if self in {self.CONTACT_REVEALED, self.FILE_OPENED} else "info"


# Looks at personal data: they count towards one limit.
LOOKS = [CustomerAccess.CONTACT_REVEALED, CustomerAccess.FILE_OPENED, CustomerAccess.WORDS_OPENED]
