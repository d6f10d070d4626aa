"""What differs from company to company and is no matter of servers."""

from decimal import Decimal

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.enums import OnSiteCounting
from feedback_site.common.constraints import one_of

THE_ROW = 1


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def current(self) -> "Organisation":
        """Return the one row, with its defaults before an administrator has saved it."""
        return self.filter(pk=THE_ROW).first() or Organisation(pk=THE_ROW)


@pghistory.track()
class Organisation(models.Model):
    """The settings of the company: one row."""

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
            one_of("on_site_counting", OnSiteCounting, name="counts_on_site_in_a_known_way"),
        ]

    def __str__(self) -> str:
        return str(_("Company settings"))
