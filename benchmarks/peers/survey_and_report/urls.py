"""The addresses of django-survey-and-report."""

from django.urls import include, path

urlpatterns = [path("survey/", include("survey.urls"))]
