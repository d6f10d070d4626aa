"""Wiring: settings, addresses, the task queue, the answer path and the commands that start it all."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
