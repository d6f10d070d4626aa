"""The ordinary view."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from benchmarks.peers.ordinary.forms import ResponseForm
from benchmarks.peers.ordinary.models import Invitation


def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form, or save it and redirect."""
    invitation = get_object_or_404(Invitation, token=token)
    if invitation.answered_at:
        return redirect("thanks")
    form = ResponseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            response = form.save(commit=False)
            response.invitation = invitation
            response.save()
            invitation.answered_at = timezone.now()
            invitation.save(update_fields=["answered_at"])
        return redirect("thanks")
    return render(request, "ordinary/form.html", {"form": form})


def thanks(request: HttpRequest) -> HttpResponse:
    """Say thank you."""
    return render(request, "ordinary/thanks.html")
