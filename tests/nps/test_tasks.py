import pytest
from celery import current_app

from nps.models import Campaign, CampaignMember
from nps.services.drawing import request_draw
from nps.tasks import prepare_campaigns_task, run_campaigns_task

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["nps.run_campaigns", "nps.prepare_campaigns"])
def test_the_beat_table_names_tasks_that_exist(name):
    assert name in current_app.tasks
    assert name in {entry["task"] for entry in current_app.conf.beat_schedule.values()}


def test_the_sweeps_take_a_programme_to_its_sample(field_work, noon):
    field_work.serve()

    prepare_campaigns_task()
    request_draw(campaign=Campaign.objects.get(), at=noon)
    run_campaigns_task()

    assert (Campaign.objects.get().status, CampaignMember.objects.count()) == ("drawn", 1)
