"""You said, we did: written, looked at, published, withdrawn."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import F, Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.enums import ActionVariant

from feedback_site.accounts.admin.display import display
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.common.languages import HTML_LANGUAGES, organisation_languages
from feedback_site.common.public_pages import SWITCHES
from feedback_site.common.texts import searched
from feedback_site.improvements.admin.base import ServiceModelAdmin
from feedback_site.voice.forms import PublishedChangeForm
from feedback_site.voice.models import PublishedChange
from feedback_site.voice.services import publish_change, withdraw_change, write_change

DRAFT, PUBLIC, WITHDRAWN = "draft", "public", "withdrawn"
_COLOURS = {DRAFT: "warning", PUBLIC: "success", WITHDRAWN: "default"}
_STATES = {DRAFT: _("Draft"), PUBLIC: _("Public"), WITHDRAWN: _("Withdrawn")}
_WRITTEN = ("team", "said", "did", "action", "entry")


@admin.register(PublishedChange)
class PublishedChangeAdmin(ServiceModelAdmin):
    form = PublishedChangeForm
    list_display = ("shown_change", "shown_state", "team", "published_at")
    list_filter = ("team",)
    list_select_related = ("team",)
    search_fields = (*searched("said"), *searched("did"))
    ordering = (F("published_at").desc(nulls_first=True), "-pk")
    autocomplete_fields = ("action", "entry")
    fieldsets = (
        (None, {"fields": ("team", "said", "did")}),
        (
            _("Verification"),
            {
                "fields": (("action", "entry"),),
                "description": _("For colleagues only; the page does not show it."),
            },
        ),
    )
    actions_detail = ("publish", "preview", "withdraw")

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Write it down by the service."""
        data = {name: form.cleaned_data[name] for name in _WRITTEN}
        obj.pk = write_change(change=form.instance if change else None, **data).pk

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        """Offer publishing or withdrawing, and a look at any time."""
        known = self.get_object(request, str(object_id))
        if known is None:
            return []
        hidden = "publish" if known.is_public() else "withdraw"
        return [offer for offer in super().get_actions_detail(request, object_id) if offer.path != hidden]

    @action(description=_("Preview"), url_path="preview", icon="visibility", permissions=["work"])
    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show it as customers read it, in each language."""
        return self._page(request, self.row_to_change(request, object_id), step="")

    @action(
        description=_("Publish"),
        url_path="publish",
        icon="publish",
        permissions=["work"],
        variant=ActionVariant.PRIMARY,
    )
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show it, then publish."""
        return self._take(request, object_id, "publish", publish_change, _("It is published."))

    @action(
        description=_("Withdraw"),
        url_path="withdraw",
        icon="visibility_off",
        permissions=["work"],
        variant=ActionVariant.WARNING,
    )
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask, then take it off the page."""
        return self._take(
            request,
            object_id,
            "withdraw",
            withdraw_change,
            _("It is off the page. It can be published again."),
        )

    def _take(
        self, request: HttpRequest, object_id: str, step: str, service: Callable[..., Any], done: Any
    ) -> HttpResponse:
        known = self.row_to_change(request, object_id)
        if request.method != "POST":
            return self._page(request, known, step=step)
        try:
            service(change=known, at=database_now())
        except DomainError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(request, done)
        return redirect("admin:voice_publishedchange_change", known.pk)

    def _page(self, request: HttpRequest, known: PublishedChange, *, step: str) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview"),
            "opts": self.opts,
            "original": known,
            "shown": _shown(known),
            "step": step,
        }
        return TemplateResponse(request, "voice/publish.html", context)

    @display(description=_("you said, we did"), header=True)
    def shown_change(self, known: PublishedChange) -> tuple[str, str]:
        """What was said, above what was done."""
        return str(known.said), str(known.did)[:100]

    @display(description=_("state"), label=_COLOURS)
    def shown_state(self, known: PublishedChange) -> tuple[str, Any]:
        """Draft, public or withdrawn."""
        state = PUBLIC if known.is_public() else WITHDRAWN if known.withdrawn_at else DRAFT
        return state, _STATES[state]


def _shown(change: PublishedChange) -> list[dict[str, Any]]:
    """Return the change as readers of each language see it, in the languages that they are offered."""
    return [
        {
            "language": language.value,
            "html_language": HTML_LANGUAGES[language.value],
            "name": SWITCHES[language.value]["name"],
            "said": change.said.in_language(language),
            "did": change.did.in_language(language),
        }
        for language in organisation_languages()
    ]
