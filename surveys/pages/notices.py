"""What the customer is told instead of being shown a form."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from feedback_site.common.public_pages import Page, local_time, notice


def first_answer_page(*, language: str, received_at: datetime) -> Page:
    """Return the page for a customer who sends other answers after the first ones: those count."""
    with translation.override(language):
        return notice(
            language=language,
            languages=(),
            title=_("Your first answer counts"),
            paragraphs=[_("You have already answered, so these changes were not saved.")],
            mark="!",
            received=_("Received on %(time)s.") % {"time": local_time(received_at)},
        )
