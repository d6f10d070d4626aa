"""Customers' addresses, served by `config.answer_path` before any other middleware runs."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
