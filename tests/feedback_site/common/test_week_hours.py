from datetime import time

import pytest
from django.utils import translation

from feedback_site.common.week_hours import written_week
from feedback_site.common.working_time import OFFICE_WEEK, DayHours

DAY, EVENING = DayHours(time(8, 30), time(20)), DayHours(time(18), time())


@pytest.mark.parametrize(
    ("week", "en", "zh"),
    [
        (OFFICE_WEEK, "Monday to Friday 09:00-18:00", "星期一至星期五 09:00-18:00"),
        ((DAY,) * 7, "Monday to Sunday 08:30-20:00", "星期一至星期日 08:30-20:00"),
        (
            (DAY, None, DAY, EVENING, EVENING, None, None),
            "Monday 08:30-20:00 · Wednesday 08:30-20:00 · Thursday to Friday 18:00-24:00",
            "星期一 08:30-20:00 · 星期三 08:30-20:00 · 星期四至星期五 18:00-24:00",
        ),
    ],
)
def test_hours_are_written_with_days_in_a_row_together(week, en, zh):
    written = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            written[language] = written_week(week)

    assert written == {"en": en, "zh-hans": zh}
