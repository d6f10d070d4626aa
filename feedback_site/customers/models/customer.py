"""Customers with sealed contacts, and the teams that have served them."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import Principal, ScopedQuerySet, Team, intake_team_of, team_subtree
from feedback_site.common.ids import uuid7
from feedback_site.common.languages import Language
from feedback_site.common.masking import mask_identifier
from feedback_site.customers.models.segment import Segment


class CustomerQuerySet(ScopedQuerySet["Customer"]):
    def within(self, team_id: int) -> Self:
        """Customers whom the team, or a team below it, has served."""
        return self.filter(_is_served_within(team_id))

    def known_to(self, principal: Principal | None) -> Self:
        """Return the customers whom `principal` names when it sends their number.

        These are its own, and those whom its teams have served.

        The site itself, and systems of the whole organisation,
        name those that no team's system or file brought in.
        """
        intake = intake_team_of(principal)
        if intake is None:
            return self.filter(intake_team__isnull=True)
        return self.filter(Q(intake_team=intake) | Q(_is_served_within(intake)))


def _is_served_within(team_id: int) -> Exists:
    return Exists(CustomerTeam.objects.filter(customer=OuterRef("pk"), team_id__in=team_subtree(team_id)))


class Customer(models.Model):
    """A person or company we serve. Name and contacts are sealed: see `customers.services`.

    The sealed columns bind the ciphertext to this row's id (additional data
    `table|column|id`), so the id exists before INSERT. The index columns are keyed
    hashes of the normalised value: they find an exact match and nothing else.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.CharField(_("source"), max_length=40, help_text=_("The system that knows this customer."))
    external_id = models.CharField(_("customer number"), max_length=80)
    name_sealed = models.BinaryField(null=True, editable=False)
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_index = models.BinaryField(null=True, editable=False, db_index=True)
    # Whether the phone may be a mobile: a text to a land line does not arrive.
    phone_takes_texts = models.BooleanField(default=False, editable=False)
    email_sealed = models.BinaryField(null=True, editable=False)
    email_index = models.BinaryField(null=True, editable=False, db_index=True)
    name_mask = models.CharField(_("name"), max_length=80, blank=True, editable=False)
    phone_mask = models.CharField(_("phone"), max_length=20, blank=True, editable=False)
    email_mask = models.CharField(_("email"), max_length=120, blank=True, editable=False)
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=Language,
        blank=True,
        help_text=_("Leave empty for the language of the site."),
    )
    segment = models.ForeignKey(
        Segment,
        verbose_name=_("segment"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="customers",
    )
    intake_team = models.ForeignKey(
        Team,
        verbose_name=_("known within"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text=_(
            "The team whose system or file brought in this number; empty: a system of the whole company."
        ),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        permissions = [
            ("reveal_contact", "Can see a customer's contact in clear"),
            ("record_preferences", "Can record what a customer allows"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id", "intake_team"],
                nulls_distinct=False,
                name="%(class)s_is_known_once_per_source",
            ),
            models.CheckConstraint(
                condition=Q(language="") | Q(language__in=Language.values),
                name="%(class)s_reads_a_known_language",
            ),
            models.CheckConstraint(
                condition=Q(phone_sealed__isnull=True, phone_index__isnull=True)
                | Q(phone_sealed__isnull=False, phone_index__isnull=False),
                name="%(class)s_phone_is_sealed_with_its_index",
            ),
            models.CheckConstraint(
                condition=Q(email_sealed__isnull=True, email_index__isnull=True)
                | Q(email_sealed__isnull=False, email_index__isnull=False),
                name="%(class)s_email_is_sealed_with_its_index",
            ),
        ]

    def __str__(self) -> str:
        return self.name_mask or self.shown_number

    @property
    def shown_number(self) -> str:
        """The number as pages show it: some companies know their customers by their phones."""
        return mask_identifier(self.external_id)


class CustomerTeam(models.Model):
    """A team has served this customer: what scopes customers to teams."""

    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.CASCADE, related_name="served_by"
    )
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("customer of a team")
        verbose_name_plural = _("customers of teams")
        constraints = [models.UniqueConstraint(fields=["customer", "team"], name="%(class)s_is_stated_once")]

    def __str__(self) -> str:
        return f"{self.customer_id} / {self.team_id}"
