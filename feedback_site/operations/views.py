"""Addresses for operators."""

import time

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from feedback_site.operations.access import may_read_metrics
from feedback_site.operations.exposition import Reading, expose, read_last_runs
from feedback_site.operations.figures import TIMEOUT_SECONDS, read_figures
from feedback_site.operations.probe import Probe
from feedback_site.operations.readiness import read_readiness

_figures, _last_runs = Probe(read_figures), Probe(read_last_runs)


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django calls views with the request
    """Say which part answers: 503 when no request can be served, 200 otherwise.

    It is 200 also with a part down that only slows the site.
    """
    readiness = read_readiness()
    return JsonResponse(readiness.as_dict(), status=200 if readiness.is_ready else 503)


@never_cache
@require_safe
def alive(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django calls views with the request
    """Say that the process answers, whatever its parts do: restarting it would not bring them back."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Show the figures to those who may see them; to others there is no such address."""
    if not may_read_metrics(request):
        raise Http404
    started = time.monotonic()
    readiness = read_readiness()
    figures = _figures.answer(seconds=TIMEOUT_SECONDS) if readiness.is_ready else None
    last_runs = (_last_runs.answer(seconds=1) if readiness.parts["redis"] else None) or {}
    text = expose(Reading(readiness, figures, last_runs, time.monotonic() - started))
    return HttpResponse(text, content_type=CONTENT_TYPE_PLAIN_0_0_4)
