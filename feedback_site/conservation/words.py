"""Whether personal data stands in clear in what people wrote."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from feedback_site.conservation.check import Check
from feedback_site.customers.services.old_words import words_in_clear

_LATEST = 500


def in_clear(since: datetime | None = None) -> Iterator[tuple[str, str]]:
    """Yield each row whose free text is to be masked.

    A recent run looks at the latest rows of each kind.

    Numbers, addresses and plates are looked for, names are not: a
    customer may be called otherwise today than when the text was stored.
    """
    for kind, key in words_in_clear(latest=_LATEST if since is not None else None):
        yield str(key), f"{kind}: a contact or number in clear"


WORDS_ARE_MASKED = Check(
    slug="words_are_masked",
    sentence=_("no free text holds a phone number, ID number, email address or licence plate in clear"),
    rows=in_clear,
)
