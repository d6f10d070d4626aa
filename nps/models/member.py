"""The frame of a campaign: its strata, and every customer in it with a random number, asked or not."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import ScopedQuerySet, Team
from feedback_site.customers.models import Customer, Segment
from feedback_site.service_events.models import ServiceChannel, ServiceEvent
from nps.enums import Exclusion
from nps.models.campaign import Campaign
from surveys.models import Invitation


def _kept_after_launch() -> list[pgtrigger.Trigger]:
    """Refuse to add to or delete from the frame of a launched campaign.

    Looked at once per statement: a draw inserts tens of thousands of rows by one.
    """
    return [
        _refused("launched_gets_no_more", pgtrigger.Insert, "new"),
        _refused("launched_is_kept", pgtrigger.Delete, "old"),
    ]


def _refused(name: str, operation: pgtrigger.Operation, rows: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**{rows: "changed"}),  # type: ignore[no-untyped-call]  # pgtrigger leaves it untyped
        func=(
            "IF EXISTS (SELECT 1 FROM changed JOIN nps_campaign c ON c.id = changed.campaign_id WHERE "
            "c.launched_at IS NOT NULL) "
            "THEN RAISE EXCEPTION 'the frame of a launched campaign is frozen' USING ERRCODE = "
            "'restrict_violation'; END IF; RETURN NULL;"
        ),
    )


class CampaignStratumQuerySet(ScopedQuerySet["CampaignStratum"]):
    team_lookup = "campaign__team_id"
    is_aggregate = True


class CampaignStratum(models.Model):
    """One stratum: customers of one segment served through one channel (by their last service in the frame).

    `frame` counts all of them, `contactable` those without an exclusion, `allocated` the completes wanted,
    `needed` the invitations that takes at the expected response rate, at most all who are contactable.
    """

    campaign = models.ForeignKey(
        Campaign, verbose_name=_("campaign"), on_delete=models.CASCADE, related_name="strata"
    )
    segment = models.ForeignKey(
        Segment, verbose_name=_("segment"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    channel = models.ForeignKey(
        ServiceChannel,
        verbose_name=_("service channel"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    frame = models.PositiveIntegerField(_("sampling list"))
    contactable = models.PositiveIntegerField(_("can be invited"))
    allocated = models.PositiveIntegerField(_("responses needed"))
    needed = models.PositiveIntegerField(_("invitations needed"))

    objects = CampaignStratumQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "segment", "channel"], nulls_distinct=False, name="%(class)s_is_one_cell"
            ),
            models.CheckConstraint(
                condition=Q(
                    contactable__lte=models.F("frame"),
                    needed__lte=models.F("contactable"),
                    allocated__lte=models.F("contactable"),
                ),
                name="%(class)s_asks_no_more_than_there_are",
            ),
        ]
        triggers = [
            *_kept_after_launch(),
            pgtrigger.Protect(
                name="counts_are_facts",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("campaign", "segment", "channel", "frame", "contactable"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.segment_id or '-'} / {self.channel_id or '-'}"


class CampaignMemberQuerySet(ScopedQuerySet["CampaignMember"]):
    """Members by the team that served them last."""


class CampaignMember(models.Model):
    """One customer of the frame.

    `position` counts the contactable of the stratum by random number, from 1; None: excluded.

    The first `wave` that covers the position invites. `dropped`
    is an exclusion that was found only when the wave came.
    """

    campaign = models.ForeignKey(
        Campaign, verbose_name=_("campaign"), on_delete=models.CASCADE, related_name="members"
    )
    stratum = models.ForeignKey(
        CampaignStratum, verbose_name=_("group"), on_delete=models.CASCADE, related_name="members"
    )
    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="+"
    )
    service_event = models.ForeignKey(
        ServiceEvent, verbose_name=_("last service"), on_delete=models.PROTECT, related_name="+"
    )
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.PROTECT, related_name="+")
    random_number = models.BigIntegerField(_("random number"))
    exclusion = models.CharField(_("not asked because"), max_length=15, choices=Exclusion, blank=True)
    position = models.PositiveIntegerField(_("position"), null=True, blank=True)
    wave = models.PositiveSmallIntegerField(_("wave"), null=True, blank=True)
    invitation = models.OneToOneField(
        Invitation,
        verbose_name=_("invitation"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="campaign_member",
    )
    dropped = models.CharField(_("dropped because"), max_length=15, choices=Exclusion, blank=True)

    objects = CampaignMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer on a sampling list")
        verbose_name_plural = _("sampling list")
        indexes = [
            models.Index(
                fields=["campaign", "wave"],
                condition=Q(wave__isnull=False, invitation__isnull=True, dropped=""),
                name="member_to_invite_by_wave",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "customer"], name="%(class)s_is_in_a_frame_once"),
            models.UniqueConstraint(fields=["stratum", "position"], name="%(class)s_position_is_used_once"),
            models.CheckConstraint(
                condition=Q(exclusion="", position__isnull=False, position__gte=1)
                | Q(exclusion__in=Exclusion.values, position__isnull=True, wave__isnull=True),
                name="%(class)s_is_excluded_or_has_a_position",
            ),
            models.CheckConstraint(
                condition=Q(dropped="") | Q(dropped__in=Exclusion.values),
                name="%(class)s_is_dropped_for_a_known_reason",
            ),
            models.CheckConstraint(
                condition=Q(invitation__isnull=True, dropped="")
                | Q(wave__isnull=False, invitation__isnull=False, dropped="")
                | Q(wave__isnull=False, invitation__isnull=True, dropped__in=Exclusion.values),
                name="%(class)s_of_a_wave_is_invited_or_dropped",
            ),
        ]
        triggers = [
            *_kept_after_launch(),
            pgtrigger.Protect(
                name="the_draw_is_a_fact",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "campaign",
                    "stratum",
                    "customer",
                    "service_event",
                    "random_number",
                    "exclusion",
                    "position",
                ),
            ),
        ]

    def __str__(self) -> str:
        return gettext("Customer on a sampling list")
