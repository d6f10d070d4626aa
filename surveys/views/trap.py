"""`/r/<token>/more/`: the link of a form that no person sees.

A visitor who opens it follows every link, and is no person.
"""

from django.utils import translation
from django.utils.translation import gettext as _

from feedback_site.common.public_pages import Reply, Request, notice, reply, reply_trouble
from surveys.services.links.visits import count_visit
from surveys.views.questionnaire import find_visit


def trap(request: Request, token: str) -> Reply:
    """Remember, out of band, that a machine follows this message's links.

    A person who opened it after all is told where to go.
    """
    visit = find_visit(request, token)
    if visit is None:
        return reply_trouble(404)
    if request.method == "POST":
        return reply_trouble(405)
    count_visit(invitation_id=visit.link.invitation_id, at=visit.link.at, is_machine=True)
    with translation.override(visit.language):
        page = notice(
            language=visit.language,
            languages=(),
            title=_("There is nothing here"),
            paragraphs=[
                _(
                    "This page is for programs that follow every link. Nothing was answered and nothing was "
                    "changed."
                )
            ],
            mark="…",
            foot={"address": "../", "text": _("To the questionnaire")},
        )
    return reply(request, page)
