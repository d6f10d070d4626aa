"""The ordinary view's addresses."""

from django.urls import path

from benchmarks.peers.ordinary import views

urlpatterns = [
    path("r/<str:token>/", views.answer, name="answer"),
    path("thanks/", views.thanks, name="thanks"),
]
