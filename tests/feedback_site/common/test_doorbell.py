from celery import current_app
from django.db import transaction

from feedback_site.common.clock import database_now
from feedback_site.common.doorbell import ring


def test_a_dead_broker_is_forgiven(transactional_db, settings):
    app = current_app._get_current_object()
    before = app.conf.broker_url, app.conf.broker_write_url
    app.conf.broker_url = app.conf.broker_write_url = "redis://127.0.0.1:9"
    try:
        with transaction.atomic():
            ring("surveys.decide_events")
    finally:
        app.conf.broker_url, app.conf.broker_write_url = before


def test_the_clock_moves_within_a_transaction(db):
    assert database_now() < database_now()
