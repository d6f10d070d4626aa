"""What differs from company to company and is no matter of servers."""

from decimal import Decimal
from typing import Any

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.enums import OnSiteCounting
from feedback_site.accounts.models.logo import CompanyLogo
from feedback_site.accounts.rules import validate_brand_colour
from feedback_site.common.constraints import one_of
from feedback_site.common.languages import Language
from feedback_site.common.texts import TextsField
from feedback_site.common.week_hours import WeekHours, week_constraints
from feedback_site.common.zones import server_zone_name, validate_zone

THE_ROW = 1
_HOURS_OF_A_MONTH, _DAYS_OF_A_MONTH, _DAYS_OF_A_YEAR, _MOST_ANSWERS = 720, 31, 366, 10_000


def _whole(label: Any, help_text: Any = "", *, default: int, most: int) -> Any:
    """Return a field for a whole number from 1 to `most`."""
    return models.PositiveSmallIntegerField(
        label,
        default=default,
        validators=[MinValueValidator(1), MaxValueValidator(most)],
        help_text=help_text,
    )


def _percent(label: Any, help_text: Any = "", *, default: int) -> Any:
    return _whole(label, help_text, default=default, most=100)


def _all_languages() -> list[str]:
    return [language.value for language in Language]


def _each_once() -> Q:
    """Return the condition that no language is stated twice."""
    once = Q()
    for code in sorted(Language.values):
        places = Func(F("languages"), Value(code), function="array_positions")
        count = Func(places, function="cardinality", output_field=models.IntegerField())
        once &= Q(LessThanOrEqual(count, 1))
    return once


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def current(self) -> "Organisation":
        """Return the one row, with its defaults before an administrator has saved it."""
        return self.filter(pk=THE_ROW).first() or Organisation(pk=THE_ROW)


@pghistory.track()
class Organisation(WeekHours):
    """The settings of the company: one row. Its working hours hold where no working calendar does."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ROW, editable=False)
    on_site_counting = models.CharField(
        _("responses given on site"),
        max_length=20,
        choices=OnSiteCounting,
        default=OnSiteCounting.BESIDE,
        help_text=_(
            "Whether responses through a code that staff show count toward the main figures. Applies to "
            "responses from now on."
        ),
    )
    one_person_publishes = models.BooleanField(
        _("one person is enough to publish"),
        default=False,
        help_text=_(
            "Whether a member of staff may publish an evaluation record that they have reviewed themselves."
        ),
    )
    fee_tolerance = models.DecimalField(
        _("fees may differ by"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(1),
        help_text=_(
            "What a customer paid may differ from the ticket's amount by this, or by the percentage if that "
            "is more."
        ),
    )
    fee_tolerance_percent = models.DecimalField(
        _("fees may differ by (%)"), max_digits=5, decimal_places=2, default=Decimal(2)
    )

    time_zone = models.CharField(
        _("time zone"),
        max_length=40,
        default=server_zone_name,
        validators=[validate_zone],
        help_text=_(
            "The company's days begin by this zone, and times are shown in it where no team states its own. "
            "New teams and NPS programmes begin with it."
        ),
    )

    # What customers see of the company.
    names = TextsField(
        _("name on customers' pages"),
        max_length=60,
        blank=True,
        help_text=_("At the top of all pages for customers; without it they show “Customer care”."),
    )
    languages = ArrayField(
        models.CharField(max_length=10, choices=Language),
        verbose_name=_("languages"),
        default=_all_languages,
    )
    hotline = models.CharField(
        _("service hotline"),
        max_length=40,
        blank=True,
        validators=[RegexValidator(r"^\+?[0-9][0-9 ()-]+$", _("Digits, spaces, brackets and hyphens only."))],
        help_text=_("Below questionnaires that state no hotline of their own."),
    )

    colour = models.CharField(
        _("colour of customers' pages"),
        max_length=7,
        blank=True,
        validators=[validate_brand_colour],
        help_text=_("Of buttons, links and marks, such as #0b6b7f. Words on it are white."),
    )
    logo = models.ForeignKey(
        CompanyLogo,
        verbose_name=_("logo"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    # Goals: what figures are held against.
    response_rate_goal = _percent(
        _("target response rate (%)"),
        _("The target that response rates are compared with on the first page and in the funnel."),
        default=60,
    )
    sample_customers_percent = _percent(
        _("customers served who must answer (%)"),
        _("The responses represent all customers only if this share of them answered, or the share below."),
        default=5,
    )
    sample_complainants_percent = _percent(_("complainants who must answer (%)"), default=30)
    complainant_days = _whole(
        _("a complaint makes a complainant for (days)"),
        _("How long before the end of the period a customer's complaint may lie."),
        default=90,
        most=_DAYS_OF_A_YEAR,
    )
    least_answers = _whole(
        _("least number of customers who answered"),
        _("With fewer, the responses do not represent all customers."),
        default=30,
        most=_MOST_ANSWERS,
    )

    # Clocks: until when staff do what customers were promised. Each case keeps the deadlines it began with.
    accept_within_hours = _whole(
        _("accept a complaint within (hours)"),
        _("Customers are told this when they complain. Applies to complaints from now on."),
        default=1,
        most=_HOURS_OF_A_MONTH,
    )
    close_within_hours = _whole(_("close a complaint within (hours)"), default=48, most=_HOURS_OF_A_MONTH)
    close_complex_within_days = _whole(
        _("close a complex complaint within (workdays)"), default=5, most=_DAYS_OF_A_MONTH
    )
    repair_within_days = _whole(
        _("correct what a return visit found not resolved within (workdays)"),
        _("The deadline of an escalation. Applies to escalations from now on."),
        default=2,
        most=_DAYS_OF_A_MONTH,
    )

    # Grades: from which score on. What is below the last one is below standard.
    excellent_from = _percent(
        _("“Excellent” from a score of"),
        _("Applies to evaluation records that are calculated from now on; published ones stay."),
        default=90,
    )
    good_from = _percent(_("“Good” from a score of"), default=80)
    qualified_from = _percent(_("“Acceptable” from a score of"), default=70)
    to_improve_from = _percent(_("“Needs improvement” from a score of"), default=60)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("company settings")
        verbose_name_plural = _("company settings")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=THE_ROW), name="%(class)s_is_one_row"),
            models.CheckConstraint(
                condition=models.Q(
                    fee_tolerance__gte=0, fee_tolerance_percent__gte=0, fee_tolerance_percent__lte=100
                ),
                name="%(class)s_tolerates_nothing_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    response_rate_goal__range=(1, 100),
                    sample_customers_percent__range=(1, 100),
                    sample_complainants_percent__range=(1, 100),
                    complainant_days__range=(1, _DAYS_OF_A_YEAR),
                    least_answers__range=(1, _MOST_ANSWERS),
                ),
                name="%(class)s_goals_can_be_reached",
            ),
            models.CheckConstraint(
                condition=Q(
                    accept_within_hours__range=(1, F("close_within_hours")),
                    close_within_hours__lte=_HOURS_OF_A_MONTH,
                    close_complex_within_days__range=(1, _DAYS_OF_A_MONTH),
                    repair_within_days__range=(1, _DAYS_OF_A_MONTH),
                ),
                name="%(class)s_clocks_run_in_order",
                violation_error_message=_("A complaint must be accepted before it must be closed."),
            ),
            models.CheckConstraint(
                condition=Q(
                    to_improve_from__gte=1,
                    to_improve_from__lt=F("qualified_from"),
                    qualified_from__lt=F("good_from"),
                    good_from__lt=F("excellent_from"),
                    excellent_from__lte=100,
                ),
                name="%(class)s_grades_descend",
                violation_error_message=_("Each grade must begin at a higher score than the next lower one."),
            ),
            *week_constraints(),
            models.CheckConstraint(
                condition=Q(colour="") | Q(colour__regex=r"^#[0-9a-f]{6}$"), name="%(class)s_has_a_colour"
            ),
            one_of("on_site_counting", OnSiteCounting, name="counts_on_site_in_a_known_way"),
            models.CheckConstraint(
                condition=Q(languages__len__gte=1, languages__contained_by=Language.values),
                name="%(class)s_writes_in_known_languages",
            ),
            models.CheckConstraint(condition=_each_once(), name="%(class)s_states_each_language_once"),
        ]

    def __str__(self) -> str:
        return str(_("Company settings"))

    @property
    def grade_limits(self) -> tuple[int, int, int, int]:
        """The least score of each grade, the best one first."""
        return (self.excellent_from, self.good_from, self.qualified_from, self.to_improve_from)
