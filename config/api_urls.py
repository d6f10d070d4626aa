"""Everything under `/api/v1/`."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.routers import SimpleRouter

from feedback_site.dashboards.api.exports import ExportViewSet
from feedback_site.dashboards.api.metrics import RepresentativenessViewSet, ResponseRateViewSet, SatisfactionViewSet
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
router.register("evaluations", EvaluationViewSet, basename="evaluation")
router.register("metrics/response-rate", ResponseRateViewSet, basename="metric-response-rate")
router.register("metrics/representativeness", RepresentativenessViewSet, basename="metric-representativeness")
router.register("metrics/satisfaction", SatisfactionViewSet, basename="metric-satisfaction")
router.register("nps/campaigns", CampaignViewSet, basename="nps-campaign")
router.register("metrics/nps", NetPromoterScoreViewSet, basename="metric-nps")
router.register("exports", ExportViewSet, basename="export")

urlpatterns = [
    path("", include(router.urls)),
    path("webhooks/service-events/<slug:source>/", WebhookView.as_view(), name="webhook-service-events"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    # A page is read: asked for its options, it would look for a template of an API's and fail.
    path("docs/", SpectacularSwaggerView.as_view(url_name="schema", http_method_names=["get", "head"]), name="docs"),
]
