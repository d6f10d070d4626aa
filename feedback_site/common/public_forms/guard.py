"""One guard for every form that the public may send.

It passes a form of today, filled in by a person, within the limit of its network. A form that it stops is not
stored at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from feedback_site.common.public_forms.honeypot import is_trapped
from feedback_site.common.public_forms.rate_limits import Limit, count_use
from feedback_site.common.public_forms.stamps import Stamp, read_stamp

# An older page is shown again, to be looked over before it counts.
STAMP_VALID = timedelta(days=1)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a form is not taken: the status of the reply and a sentence for the person."""

    status: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What one form allows, and its own words for what it stops. 0 sets no limit."""

    per_hour: int
    per_day: int
    was_too_fast: Promise
    too_many_in_an_hour: Promise
    too_many_in_a_day: Promise

    def refuse(
        self,
        fields: Mapping[str, Sequence[str]],
        *,
        issued_at: datetime | None,
        form: str,
        address: str,
        at: datetime,
    ) -> Refusal | None:
        """Return why a form is not taken, None where it is.

        A form that passes the doubts of a program counts as one use of `form` from this address.
        """
        return self._doubt(fields, issued_at, at) or self._beyond_limit(form, address, at)

    def _doubt(
        self, fields: Mapping[str, Sequence[str]], issued_at: datetime | None, at: datetime
    ) -> Refusal | None:
        """Return what speaks for a program; people send the form once more.

        A field that people do not see is filled in, or the form came back too fast.
        """
        if is_trapped(fields):
            sentence = _("To keep out automatic messages, please send it once more.")
            return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY.value, sentence)
        if issued_at is None or at - issued_at < timedelta(seconds=settings.PUBLIC_FORM_LEAST_SECONDS):
            return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY.value, str(self.was_too_fast))
        return None

    def _beyond_limit(self, form: str, address: str, at: datetime) -> Refusal | None:
        limits = [Limit(self.per_hour, _HOUR), Limit(self.per_day, _DAY)]
        passed = count_use(form=form, address=address, limits=limits, at=at)
        if passed is None:
            return None
        words = self.too_many_in_a_day if passed.window > _HOUR else self.too_many_in_an_hour
        return Refusal(HTTPStatus.TOO_MANY_REQUESTS.value, str(words))


def read_recent_stamp(fields: Mapping[str, Sequence[str]], *, purpose: str, at: datetime) -> Stamp | None:
    """Return the stamp of a form that we handed out for this purpose within `STAMP_VALID`, else None."""
    stamp = read_stamp(fields, purpose=purpose)
    return stamp if stamp is not None and stamp.is_younger_than(STAMP_VALID, at=at) else None
