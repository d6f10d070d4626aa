from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Unit(TextChoices):
    PERCENT = "percent", _("%")
    RATING = "rating", _("points of 5")
    HOURS = "hours", _("hours")
    MINUTES = "minutes", _("minutes")
    POINTS = "points", _("points, -100 to 100")


TIMED_UNITS = [Unit.HOURS, Unit.MINUTES]


class Direction(TextChoices):
    HIGHER = "higher", _("higher is better")
    LOWER = "lower", _("lower is better")


class SubjectKind(TextChoices):
    """What a figure is about."""

    TEAM = "team", _("Team")
    AGENT = "agent", _("Agent")
    CHANNEL = "channel", _("Service channel")
    KIND = "kind", _("Service type")
    WHOLE = "whole", _("Whole company")


class PeriodKind(TextChoices):
    DAY = "day", _("Day")
    WEEK = "week", _("Week")
    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    HALF_YEAR = "half_year", _("Half-year")
    YEAR = "year", _("Year")


class MeasurementSource(TextChoices):
    SURVEY = "survey", _("Survey")
    CASE_LOG = "case_log", _("Service event log")
    CALL_CENTRE = "call_centre", _("Call centre")
    SPOT_CHECK = "spot_check", _("Spot check")
    CRM = "crm", _("CRM and customer confirmation")
    RETURN_VISIT = "return_visit", _("Return visits")


class StatedBy(TextChoices):
    """How a figure from outside came in."""

    API = "api", _("API")
    FILE = "file", _("file")
    STAFF = "staff", _("typed by staff")
    EARLIER = "earlier", _("before revisions were kept")


class RecordStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    CALCULATED = "calculated", _("Calculated")
    REVIEWED = "reviewed", _("Reviewed")
    PUBLISHED = "published", _("Published")


class Grade(TextChoices):
    EXCELLENT = "excellent", _("Excellent")
    GOOD = "good", _("Good")
    QUALIFIED = "qualified", _("Acceptable")
    TO_IMPROVE = "to_improve", _("Needs improvement")
    UNQUALIFIED = "unqualified", _("Below standard")
