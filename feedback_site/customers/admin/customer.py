"""Customers as staff see them: masks, segment, language and what they allow.

A contact is shown on a page of its own, on record.
"""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from feedback_site.accounts.admin import ReadOnlyModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.private_search import PrivateSearchMixin
from feedback_site.common.exceptions import DomainError
from feedback_site.common.sealing import ContactColumn, contact_index, is_contact
from feedback_site.customers.admin.consent import ConsentInline
from feedback_site.customers.admin.refusal import RefusalInline
from feedback_site.customers.models import Consent, Customer
from feedback_site.customers.services import RECORDING, REVEALING
from feedback_site.customers.views import preferences_page, reveal_page, words_page

_LATEST = Consent.objects.order_by("customer_id", "purpose", "-stated_at", "-id").distinct(
    "customer_id", "purpose"
)


@admin.register(Customer)
class CustomerAdmin(PrivateSearchMixin, ReadOnlyModelAdmin):
    list_display = ("who", "phone_mask", "email_mask", "segment", "language", "allows", "updated_at")
    list_filter = ("segment", "language", "source")
    list_select_related = ("segment",)
    # The box is shown for these; `find` says what is really searched.
    search_fields = ("external_id",)
    search_help_text = _(
        "The whole number, phone or email: contacts are sealed, so only an exact match can be found."
    )
    ordering = ("-id",)
    fields = (
        "name_mask",
        "phone_mask",
        "email_mask",
        "segment",
        "language",
        "source",
        "number",
        "created_at",
        "updated_at",
    )
    readonly_fields = fields
    inlines = (ConsentInline, RefusalInline)
    actions_detail = ("show_contact", "record_preferences")

    def get_urls(self) -> list[URLPattern]:
        """Add the pages that show a contact and masked words, and record what a customer allows."""
        page = self.admin_site.admin_view(reveal_page)
        preferences = self.admin_site.admin_view(preferences_page)
        words = self.admin_site.admin_view(words_page)
        return [
            path("<uuid:object_id>/contact/", page, name="customers_customer_reveal"),
            path("<uuid:object_id>/preferences/", preferences, name="customers_customer_preferences"),
            path("words/<slug:kind>/<str:subject_id>/", words, name="customers_words"),
            *super().get_urls(),
        ]

    def has_reveal_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Return whether the reader sees contacts, for a reason and on record."""
        return bool(request.user.has_perm(REVEALING))

    @action(
        description=_("View the contact"), url_path="show-contact", permissions=["reveal"], icon="visibility"
    )
    def show_contact(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the page that asks for the reason."""
        customer = self.row_or_404(request, object_id)
        return redirect("admin:customers_customer_reveal", customer.pk)

    def has_record_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Return whether the reader records what a customer allows."""
        return bool(request.user.has_perm(RECORDING))

    @action(
        description=_("Record what the customer allows"),
        url_path="record-preferences",
        permissions=["record"],
        icon="rule",
    )
    def record_preferences(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the page that asks what the customer said, and how."""
        customer = self.row_or_404(request, object_id)
        return redirect("admin:customers_customer_preferences", customer.pk)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the customers with what each allows now."""
        return (
            super()
            .get_queryset(request)
            .prefetch_related(Prefetch("consents", queryset=_LATEST, to_attr="latest_consents"))
        )

    def is_contact(self, term: str) -> bool:
        """Return whether the term can be read as a phone number or an email address."""
        return is_contact(term)

    def find(self, queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
        """Find by the whole number, phone or email."""
        return queryset.filter(
            Q(external_id=term) | _has_contact("phone", term) | _has_contact("email", term)
        )

    @display(description=Customer._meta.get_field("external_id").verbose_name)  # noqa: SLF001 - Django's documented API
    def number(self, customer: Customer) -> str:
        """Return the number, masked where it is a contact itself."""
        return customer.shown_number

    @display(description=_("customer"), header=True, ordering="external_id")
    def who(self, customer: Customer) -> tuple[str, str]:
        """The masked name over the number."""
        return customer.name_mask or "-", f"{customer.source} {customer.shown_number}"

    @display(description=_("allows"))
    def allows(self, customer: Customer) -> SafeString | str:
        """The latest statement on each purpose."""
        latest: list[Consent] = getattr(customer, "latest_consents", [])
        return (
            format_html_join(
                " ", "<span>{} {}</span>", ((_mark(row), row.get_purpose_display()) for row in latest)
            )
            or "-"
        )


def _mark(consent: Consent) -> str:
    return "✓" if consent.is_granted else "✗"


def _has_contact(column: ContactColumn, term: str) -> Q:
    try:
        return Q(**{f"{column}_index__in": contact_index(column=column, value=term).known_as})
    except DomainError:
        return Q(pk__in=[])
