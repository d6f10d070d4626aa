"""Everything under `/api/v1/`."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.routers import SimpleRouter

from surveys.api.service_events import ServiceEventViewSet

router = SimpleRouter()
# The events of `feedback_site.service_events`, shown with what `surveys` decided about them.
router.register("service-events", ServiceEventViewSet, basename="service-event")

urlpatterns = [
    path("", include(router.urls)),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
]
