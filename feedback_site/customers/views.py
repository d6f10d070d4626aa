"""Showing a customer's contact: the answer to one POST holds it, and nothing else ever does."""

import uuid

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from feedback_site.accounts.enums import AccessReason
from feedback_site.accounts.models import User
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.customers.forms import RevealForm
from feedback_site.customers.models import Customer
from feedback_site.customers.services import REVEALING, Contact, reveal_contact


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("contact")
def reveal_page(request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
    """Ask for the reason; shown one, put the look on record and show name, phone and email this once."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm(REVEALING):
        raise PermissionDenied
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


def _page(request: HttpRequest, customer: Customer, form: RevealForm, *, contact: Contact | None = None, status: int = 200) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Contact"),
        "opts": Customer._meta,  # noqa: SLF001 - Django's documented API
        "customer": customer,
        "contact": contact,
        "form": form,
    }
    return TemplateResponse(request, "customers/reveal.html", context, status=status)
