"""Makes the tables and the survey, and prints paths and form as JSON.

`python -m benchmarks.peers.survey_and_report.prepare COUNT`. It has no links of one's own: all answer at one
address, which is less work for it than looking up a token.
"""

import json
import sys
from datetime import UTC, datetime, timedelta

import django
from django.core.management import call_command

QUESTIONS = [
    ("您对本次服务的总体满意度如何？", "radio", "1,2,3,4,5", True, "5"),
    ("您的问题解决了吗？", "radio", "yes,partly,no", False, "yes"),
    ("服务人员的态度如何？", "radio", "1,2,3,4,5", False, "4"),
    ("您愿意把我们推荐给亲友或同事吗？", "radio", "0,1,2,3,4,5,6,7,8,9,10", False, "9"),
    ("您希望我们在哪些方面改进？", "text", "", False, "师傅很专业"),
]


def main(count: int) -> None:
    """Prepare the site of django-survey-and-report."""
    django.setup()
    call_command("migrate", verbosity=0)
    from survey.models import Question, Survey  # noqa: PLC0415 - models can be imported only now

    survey = Survey.objects.create(
        name="您对这次服务满意吗？",
        description="您的评价会直接送到为您服务的团队，不到一分钟即可完成。",
        need_logged_user=False,
        editable_answers=False,
        # Its own default is today where the site is, and it compares that with today in UTC.
        publish_date=datetime.now(UTC).date() - timedelta(days=1),
    )
    form = {}
    for order, (text, kind, choices, is_required, answer) in enumerate(QUESTIONS, start=1):
        question = Question.objects.create(
            survey=survey, text=text, order=order, type=kind, choices=choices, required=is_required
        )
        form[f"question_{question.pk}"] = answer
    json.dump({"paths": [f"/survey/{survey.pk}/"] * count, "form": form}, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]))
