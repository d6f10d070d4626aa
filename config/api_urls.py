"""Everything under `/api/v1/`."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import include, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.routers import SimpleRouter

from feedback_site.customers.api.views import CustomerContactView
from feedback_site.dashboards.api.exports import ExportViewSet
from feedback_site.dashboards.api.metrics import (
    RepresentativenessViewSet,
    ResponseRateViewSet,
    SatisfactionViewSet,
)
from feedback_site.evaluations.api.measurements import MeasurementViewSet
from feedback_site.evaluations.api.views import EvaluationViewSet
from feedback_site.service_events.api.webhooks import WebhookView
from nps.api.views import CampaignViewSet, NetPromoterScoreViewSet
from surveys.api.invitations import InvitationViewSet
from surveys.api.responses import ResponseViewSet
from surveys.api.service_events import ServiceEventViewSet
from visits.api.views import ReturnVisitViewSet

router = SimpleRouter()
# The events of `feedback_site.service_events`, shown with what `surveys` decided about them.
router.register("service-events", ServiceEventViewSet, basename="service-event")
router.register("invitations", InvitationViewSet, basename="invitation")
router.register("responses", ResponseViewSet, basename="response")
router.register("visits", ReturnVisitViewSet, basename="visit")
router.register("measurements", MeasurementViewSet, basename="measurement")
router.register("evaluations", EvaluationViewSet, basename="evaluation")
router.register("metrics/response-rate", ResponseRateViewSet, basename="metric-response-rate")
router.register("metrics/representativeness", RepresentativenessViewSet, basename="metric-representativeness")
router.register("metrics/satisfaction", SatisfactionViewSet, basename="metric-satisfaction")
router.register("nps/campaigns", CampaignViewSet, basename="nps-campaign")
router.register("metrics/nps", NetPromoterScoreViewSet, basename="metric-nps")
router.register("exports", ExportViewSet, basename="export")


@require_safe
def front(request: HttpRequest) -> JsonResponse:
    """Say where the documentation is and which lists there are; needs no key, like the documentation."""

    def full(name: str, **parts: Any) -> str:
        return request.build_absolute_uri(reverse(name, kwargs=parts or None))

    return JsonResponse(
        {
            "message": _("This is the API. Send an API key as `Authorization: Api-Key <prefix>.<secret>`."),
            "documentation": full("docs"),
            "schema": full("schema"),
            "resources": {prefix: full(f"{basename}-list") for prefix, _viewset, basename in router.registry},
            "webhooks": full("webhook-service-events", source="source").replace("/source/", "/<source>/"),
        },
        json_dumps_params={"ensure_ascii": False},
    )


urlpatterns = [
    path("", front, name="api-front"),
    path("", include(router.urls)),
    path("customers/contact/", CustomerContactView.as_view(), name="customer-contact"),
    path("webhooks/service-events/<slug:source>/", WebhookView.as_view(), name="webhook-service-events"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    # A page is read: asked for its options, it would look for a template of an API's and fail.
    path(
        "docs/",
        SpectacularSwaggerView.as_view(url_name="schema", http_method_names=["get", "head"]),
        name="docs",
    ),
]
