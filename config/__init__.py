"""Wiring only: settings, addresses, the task queue, the web server's entry and the answer path."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
