"""A customer's contact, or masked words as they were written.

Only the answer to one POST ever holds them.

And what the customer allows, as staff write it down.
"""

import uuid

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from feedback_site.accounts.enums import AccessReason
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.customers.forms import PreferencesForm, RevealForm
from feedback_site.customers.models import Customer
from feedback_site.customers.services import (
    RECORDING,
    REVEALING,
    Contact,
    open_texts,
    preferences_of,
    record_preferences,
    reveal_contact,
)
from feedback_site.customers.services.word_subjects import WordSubject, find_words


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("contact")
def reveal_page(request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
    """Ask for the reason; shown one, put the look on record and show name, phone and email this once."""
    user = staff_of(request, REVEALING)
    customer = Customer.objects.for_user(user).filter(pk=object_id).first()
    if customer is None:
        raise Http404
    form = RevealForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, customer, form, status=400 if form.is_bound else 200)
    reason, note = AccessReason(form.cleaned_data["reason"]), form.cleaned_data["note"]
    try:
        contact = reveal_contact(customer=customer, by=user, reason=reason, note=note, at=database_now())
    except DomainError as error:
        form.add_error("note" if error.extra.get("field") == "note" else None, str(error.message))
        return _page(request, customer, form, status=error.status_code)
    return _page(request, customer, form, contact=contact)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preferences_page(request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
    """Ask what the customer said may be sent; told how they said so, record it."""
    user = staff_of(request, RECORDING)
    customer = Customer.objects.for_user(user).filter(pk=object_id).first()
    if customer is None:
        raise Http404
    allowed = [
        purpose.value for purpose, is_allowed in preferences_of(customer=customer).items() if is_allowed
    ]
    form = PreferencesForm(request.POST if request.method == "POST" else None, initial={"allowed": allowed})
    if form.is_valid():
        try:
            record_preferences(
                customer=customer,
                choices=form.choices(),
                by=user,
                reason=form.cleaned_data["reason"],
                at=database_now(),
            )
        except DomainError as error:
            form.add_error("reason", str(error.message))
        else:
            messages.success(request, _("What the customer allows is recorded."))
            return redirect("admin:customers_customer_change", customer.pk)
    context = {
        **admin.site.each_context(request),
        "title": _("What the customer allows"),
        "opts": Customer._meta,  # noqa: SLF001 - Django's documented API
        "customer": customer,
        "form": form,
    }
    return TemplateResponse(
        request, "customers/preferences.html", context, status=400 if form.is_bound else 200
    )


def _page(
    request: HttpRequest,
    customer: Customer,
    form: RevealForm,
    *,
    contact: Contact | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Contact"),
        "opts": Customer._meta,  # noqa: SLF001 - Django's documented API
        "customer": customer,
        "contact": contact,
        "form": form,
    }
    return TemplateResponse(request, "customers/reveal.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("texts", "written")
def words_page(request: HttpRequest, kind: str, subject_id: str) -> HttpResponse:
    """Ask for the reason; given one, put the look on record and show what was written this once."""
    user = staff_of(request, REVEALING)
    subject = find_words(kind=kind, subject_id=subject_id, by=user)
    if subject is None:
        raise Http404
    form = RevealForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _words_page(request, subject, form, status=400 if form.is_bound else 200)
    reason, note = AccessReason(form.cleaned_data["reason"]), form.cleaned_data["note"]
    try:
        texts = open_texts(
            kind=kind,
            subject_id=subject_id,
            by=user,
            reason=reason,
            note=note,
            team_id=subject.team_id,
            at=database_now(),
        )
    except DomainError as error:
        form.add_error("note" if error.extra.get("field") == "note" else None, str(error.message))
        return _words_page(request, subject, form, status=error.status_code)
    return _words_page(
        request, subject, form, written=[(subject.labels(name), text) for name, text in sorted(texts.items())]
    )


def _words_page(
    request: HttpRequest,
    subject: WordSubject,
    form: RevealForm,
    *,
    written: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Words as they were written"),
        "opts": Customer._meta,  # noqa: SLF001 - Django's documented API
        "subject": subject,
        "written": written,
        "form": form,
    }
    return TemplateResponse(request, "customers/words.html", context, status=status)
