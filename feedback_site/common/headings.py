"""What a page about one row is headed with, in the reader's language."""

from datetime import datetime

from django.utils import timezone


def dated(name: object, moment: datetime) -> str:
    """Return a name and when it was: rows that have no name of their own are told apart by their time."""
    return f"{name} · {timezone.localtime(moment):%Y-%m-%d %H:%M}"
