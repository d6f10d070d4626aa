"""How the staff pages (Unfold) look and what their side menu holds."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


def _entry(title: Any, icon: str, page: str, permission: str) -> dict[str, Any]:
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(page),
        "permission": lambda request: request.user.has_perm(permission),
    }


def _item(title: Any, icon: str, model: str) -> dict[str, Any]:
    app, name = model.split(".")
    return _entry(title, icon, f"admin:{app}_{name}_changelist", f"{app}.view_{name}")


def _figures(title: Any, icon: str, page: str) -> dict[str, Any]:
    return _entry(title, icon, f"dashboards:{page}", "surveys.view_responsetally")


def _group(title: Any, *items: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "separator": True, "collapsible": False, "items": list(items)}


def _is_call(request: Any) -> bool:
    """Whether a page is the caller's: their list and a visit's page lie below the list of all visits."""
    name: str = request.resolver_match.url_name or ""
    return name in {f"visits_returnvisit_{page}" for page in ("work", "visit", "hold", "reveal")}


_MENU: list[dict[str, Any]] = [
    {
        "items": [
            {
                "title": _("Today"),
                "icon": "home",
                "link": reverse_lazy("admin:index"),
                "permission": lambda _request: True,
            },
        ],
    },
    _group(
        _("Figures"),
        _figures(_("Response rates"), "filter_alt", "response-rates"),
        _figures(_("Who answered"), "groups", "representativeness"),
        _item(_("Exports"), "download", "dashboards.export"),
    ),
    _group(
        _("Service"),
        _item(_("Service events"), "assignment", "service_events.serviceevent"),
        _item(_("Imports of events"), "upload_file", "service_events.eventimport"),
        _item(_("Customers"), "group", "customers.customer"),
        _item(_("Agents"), "support_agent", "service_events.agent"),
    ),
    _group(
        _("Customer feedback"),
        _item(_("Customer messages"), "record_voice_over", "voice.voiceentry"),
        _item(_("You said, we did"), "published_with_changes", "voice.publishedchange"),
        _item(_("Suggestion of the month"), "emoji_objects", "voice.monthlysuggestion"),
        _item(_("Intake team"), "inbox", "voice.voicedesk"),
    ),
    _group(
        _("Surveys"),
        _item(_("Questionnaires"), "quiz", "questionnaires.questionnaire"),
        _item(_("Survey rules"), "rule", "surveys.survey"),
        _item(_("Event decisions"), "call_split", "surveys.eventdecision"),
        _item(_("Invitations"), "mark_email_read", "surveys.invitation"),
        _item(_("Responses"), "reviews", "surveys.response"),
        _item(_("Open questionnaires"), "qr_code_2", "surveys.openquestionnaire"),
        _item(_("Open responses"), "qr_code_scanner", "surveys.openresponse"),
        _item(_("Files of responses"), "attach_file", "surveys.responsefile"),
        _item(_("Unfinished responses"), "pending_actions", "surveys.responsedraft"),
        _item(_("Imported responses"), "move_to_inbox", "surveys.responsesource"),
        _item(_("Return visit requests"), "reply_all", "surveys.followuprequest"),
        _item(_("Disputed services"), "flag", "surveys.eventflag"),
    ),
    _group(
        _("NPS"),
        _item(_("Campaigns"), "campaign", "nps.campaign"),
        _item(_("Programmes"), "event_repeat", "nps.programme"),
        _item(_("Sampling list"), "groups", "nps.campaignmember"),
    ),
    _group(
        _("Delivery"),
        _item(_("Outbox"), "outbox", "delivery.message"),
        _item(_("Do-not-contact list"), "block", "delivery.suppression"),
        _item(_("Refusals"), "do_not_disturb_on", "customers.contactrefusal"),
    ),
    _group(
        _("Evaluation"),
        _item(_("Evaluation records"), "grading", "evaluations.evaluationrecord"),
        _item(_("Measurements"), "straighten", "evaluations.measurement"),
        _item(_("Indicators"), "monitoring", "evaluations.indicator"),
        _item(_("Schemes"), "balance", "evaluations.evaluationscheme"),
    ),
    _group(
        _("Return visits"),
        {
            **_entry(
                _("My visits"),
                "phone_in_talk",
                "admin:visits_returnvisit_work",
                "visits.change_returnvisit",
            ),
            "active": _is_call,
        },
        {
            **_item(_("All return visits"), "phone_callback", "visits.returnvisit"),
            "active": lambda request: "/visits/returnvisit/" in request.path and not _is_call(request),
        },
        _item(_("Escalations"), "priority_high", "visits.escalation"),
        _item(_("Visit plans"), "event_repeat", "visits.visitplan"),
        _item(_("Working calendars"), "calendar_clock", "service_events.workingcalendar"),
        _item(_("Holidays and workdays"), "calendar_month", "service_events.calendarday"),
    ),
    _group(
        _("Improvement"),
        _item(_("Problems"), "report", "improvements.problem"),
        _item(_("Improvement actions"), "build", "improvements.improvementaction"),
    ),
    _group(
        _("Company and access"),
        _item(_("Settings"), "settings", "accounts.organisation"),
        _item(_("Teams"), "account_tree", "accounts.team"),
        _item(_("Staff"), "badge", "accounts.user"),
        _item(_("API keys"), "key", "accounts.apikey"),
        _item(_("Webhook sources"), "webhook", "service_events.webhooksource"),
        _item(_("Access log"), "policy", "accounts.accesslogentry"),
        _item(_("Sign-in rules"), "shield_person", "accounts.rolepolicy"),
        _item(_("Failed sign-ins"), "lock_clock", "accounts.signinfailure"),
        _item(_("Service types"), "category", "service_events.servicekind"),
        _item(_("Service channels"), "forum", "service_events.servicechannel"),
        _item(_("Customer segments"), "diversity_3", "customers.segment"),
    ),
]


def _open_pages(request: Any) -> list[dict[str, Any]]:
    """Return the menu of what this member of staff may open.

    Unfold would copy the whole menu, and ask for each address five times.
    """
    return [
        {**group, "items": [_plain(item) for item in group["items"] if item["permission"](request)]}
        for group in _MENU
    ]


def _plain(item: dict[str, Any]) -> dict[str, Any]:
    shown = {name: value for name, value in item.items() if name != "permission"}
    return {**shown, "title": str(item["title"]), "link": str(item["link"])}


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Feedback Site"),
    "SITE_HEADER": "feedback_site.accounts.selectors.company_name",
    "SITE_SUBHEADER": _("Customer feedback within ten minutes"),
    "SITE_SYMBOL": "rate_review",
    "SITE_ICON": "feedback_site.accounts.selectors.logo_address",
    "SITE_URL": None,
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "BORDER_RADIUS": "8px",
    "STYLES": [lambda request: static("staff/staff.css")],  # noqa: ARG005 - Unfold calls it with the request
    "DASHBOARD_CALLBACK": "feedback_site.dashboards.views.home_context",
    "ACCOUNT": {
        "navigation": [
            {"title": _("Sign-in and security"), "link": reverse_lazy("sign-in:security")},
            {"title": _("Change the password"), "link": reverse_lazy("admin:password_change")},
        ],
    },
    "COLORS": {
        "primary": {
            "50": "oklch(97.7% .017 200)",
            "100": "oklch(94.2% .04 200)",
            "200": "oklch(89.4% .07 200)",
            "300": "oklch(82.1% .1 200)",
            "400": "oklch(71.2% .115 200)",
            "500": "oklch(60.9% .11 200)",
            "600": "oklch(52% .095 200)",
            "700": "oklch(45% .08 200)",
            "800": "oklch(39% .068 200)",
            "900": "oklch(34.5% .056 200)",
            "950": "oklch(25% .045 200)",
        },
    },
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": False,
        "navigation": _open_pages,
    },
}
