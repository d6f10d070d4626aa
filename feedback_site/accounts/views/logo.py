"""The company's logo, for all: pages of customers and of staff show it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from feedback_site.accounts.models import CompanyLogo

# What an address shows never changes: another logo has another digest.
_FOR_A_YEAR = "public, max-age=31536000, immutable"


@require_safe
def logo(request: HttpRequest, digest: str) -> HttpResponse:
    """Send the picture."""
    del request
    kept = CompanyLogo.objects.filter(pk=digest).first()
    if kept is None:
        raise Http404
    headers = {"Cache-Control": _FOR_A_YEAR, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(bytes(kept.content), content_type=f"image/{kept.kind}", headers=headers)
