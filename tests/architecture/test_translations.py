from datetime import datetime
from io import StringIO

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.core.management import call_command
from django.utils import translation
from django.utils.formats import date_format

from feedback_site.common.management.commands.messages import CATALOGUE

# Texts without a word to translate: names of things, figures, and signs between them.
SAME_IN_CHINESE = {
    "%",
    ", ",
    "; ",
    "SMS",
    "NPS",
    "n",
    "%(sheet)s: %(sentence)s",
    "%(label)s: %(text)s",
    "%(text)s (%(remark)s)",
    "Select %s to change",
    "Select %s to view",
}


def test_every_text_that_people_read_has_its_chinese():
    call_command("messages", check=True, stdout=StringIO())


def test_a_chinese_text_has_a_chinese_character():
    with CATALOGUE.open("rb") as file:
        messages = [message for message in read_po(file, locale="zh_Hans") if message.id]

    strange = [
        message.id for message in messages if not any("一" <= sign <= "鿿" for sign in str(message.string))
    ]

    assert [message for message in strange if message not in SAME_IN_CHINESE] == []


def test_the_compiled_catalogue_is_that_of_the_source():
    with CATALOGUE.open("rb") as source, CATALOGUE.with_suffix(".mo").open("rb") as compiled:
        written = {
            _key(message): message.string for message in read_po(source, locale="zh_Hans") if message.id
        }
        read = {_key(message): message.string for message in read_mo(compiled) if message.id}

    assert written.keys() == read.keys()
    assert all(_first(written[key]) == _first(read[key]) for key in written)


def _key(message):
    # Read from the compiled file, a context is bytes.
    context = message.context.decode() if isinstance(message.context, bytes) else message.context
    return _first(message.id), context


def _first(string):
    return string[0] if isinstance(string, list | tuple) else string


@pytest.mark.parametrize(
    ("language", "day", "time"),
    [("en", "Dec. 1, 2026", "Dec. 1, 2026, 15:18"), ("zh-hans", "2026年12月1日", "2026年12月1日 15:18")],
)
def test_days_and_moments_are_written_in_one_way_by_24_hours(language, day, time):
    moment = datetime(2026, 12, 1, 15, 18)  # noqa: DTZ001 - only how it is written matters

    with translation.override(language):
        days = {date_format(moment, name) for name in ("DATE_FORMAT", "SHORT_DATE_FORMAT")}
        times = {date_format(moment, name) for name in ("DATETIME_FORMAT", "SHORT_DATETIME_FORMAT")}

        assert (days, times, date_format(moment, "TIME_FORMAT")) == ({day}, {time}, "15:18")
