"""Photos and documents."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback_site.common.listing import listed
from feedback_site.common.photos import kind_of_content
from feedback_site.questionnaires.document import QuestionContent
from feedback_site.questionnaires.questions.base import Fields, Schema
from feedback_site.questionnaires.questions.invalid import InvalidAnswer
from feedback_site.questionnaires.questions.kept import Brought, KeptQuestion, Uploads
from feedback_site.questionnaires.questions.settings import Setting, SettingKind
from feedback_site.questionnaires.questions.xlsform import XLSFORM_PICTURES, XlsformRow

PHOTO, DOCUMENT = "photo", "document"
# What each kind takes: the content's own word for itself, and what a browser offers to choose from.
KINDS = {PHOTO: ("jpeg", "png", "heic"), DOCUMENT: ("pdf",)}
_ACCEPTED = {
    PHOTO: "image/jpeg,image/png,image/heic,image/heif,.heic,.heif",
    DOCUMENT: "application/pdf,.pdf",
}
MOST_FILES, MOST_MEGABYTES = 3, 5
_MEGABYTE = 1_000_000


class FileQuestion(KeptQuestion):
    """Up to three files: photos (JPEG, PNG, HEIC) and PDF documents.

    Told by what they hold, never by their name.
    """

    name = "file"
    label = gettext_lazy("Photo or file")
    order = 170
    template = "questionnaires/questions/file.html"
    takes_uploads = True
    seconds = 20
    xlsform = (
        XlsformRow(XLSFORM_PICTURES, settings={"kinds": [PHOTO]}),
        XlsformRow(frozenset({"file", "add file prompt"})),
    )
    parts = ("file",)
    known_settings: ClassVar[Mapping[str, Schema]] = {
        "kinds": {"type": "array", "maxItems": len(KINDS), "items": {"enum": list(KINDS)}},
        "most": {"type": "integer"},
        "megabytes": {"type": "integer"},
    }

    settings_fields = (
        Setting(
            "kinds",
            gettext_lazy("takes"),
            SettingKind.SEVERAL,
            default=list(KINDS),
            choices=((PHOTO, gettext_lazy("Photos")), (DOCUMENT, gettext_lazy("PDF documents"))),
        ),
        Setting("most", gettext_lazy("files at most"), default=1, lowest=1, highest=MOST_FILES),
        Setting(
            "megabytes",
            gettext_lazy("MB a file at most"),
            default=MOST_MEGABYTES,
            lowest=1,
            highest=MOST_MEGABYTES,
        ),
    )

    @classmethod
    def faults(cls, content: QuestionContent) -> Iterator[str]:
        """Known kinds, and no more than arrives in one piece."""
        settings = content.settings
        kinds = settings.get("kinds", list(KINDS))
        if not kinds or not set(kinds) <= set(KINDS):
            yield _("choose photos, documents or both.")
        if not _is_within(settings.get("most", 1), MOST_FILES):
            yield _("at most %(most)s files can be sent with an answer.") % {"most": MOST_FILES}
        if not _is_within(settings.get("megabytes", MOST_MEGABYTES), MOST_MEGABYTES):
            yield _("a file may have at most %(size)s MB.") % {"size": MOST_MEGABYTES}

    @property
    def kinds(self) -> list[str]:
        """What it takes, in order."""
        return [kind for kind in KINDS if kind in self.settings.get("kinds", KINDS)]

    @property
    def most(self) -> int:
        """The most files."""
        return int(self.settings.get("most", 1))

    @property
    def megabytes(self) -> int:
        """The size of the largest file."""
        return int(self.settings.get("megabytes", MOST_MEGABYTES))

    @property
    def megabytes_together(self) -> int:
        """All of its files at their largest."""
        return self.most * self.megabytes

    def brought(self, fields: Fields, uploads: Uploads) -> list[Brought]:
        """Return the files of a form that are what they have to be. Raises InvalidAnswer."""
        if any(value.strip() for value in fields.get(f"{self.key}.file", ())):
            raise InvalidAnswer(_("We did not receive this. Please add it again."))
        found = []
        for upload in uploads.get(f"{self.key}.file", ()):
            if upload.size > self.megabytes * _MEGABYTE:
                raise InvalidAnswer(
                    _("A file may have at most %(size)s MB. Please choose a smaller one.")
                    % {"size": self.megabytes}
                )
            kind = kind_of_content(upload.content)
            if not any(kind in KINDS[wanted] for wanted in self.kinds):
                raise InvalidAnswer(
                    _("Please choose a file of one of these kinds: %(kinds)s")
                    % {"kinds": self._kinds_in_words()}
                )
            found.append(Brought(kind, upload.content))
        return found

    def context(self, *, language: str, values: Fields, error: str) -> dict[str, Any]:
        """Return what may be chosen."""
        limits = {"kinds": self._kinds_in_words(), "size": self.megabytes, "most": self.most}
        sentence = (
            _("Up to %(most)s files: %(kinds)s; at most %(size)s MB each")
            if self.most > 1
            else _("%(kinds)s; at most %(size)s MB")
        )
        return {
            **super().context(language=language, values=values, error=error),
            "accept": ",".join(_ACCEPTED[kind] for kind in self.kinds),
            "limits": sentence % limits,
        }

    def _kinds_in_words(self) -> str:
        words = {PHOTO: _("photo (JPEG, PNG, HEIC)"), DOCUMENT: _("document (PDF)")}
        return listed(words[kind] for kind in self.kinds)


def _is_within(number: Any, most: int) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and 1 <= number <= most
