"""Entries: what customers wrote of their own accord, and where it stands."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from feedback_site.accounts.models import ScopedQuerySet, Team
from feedback_site.common.constraints import in_order, one_of
from feedback_site.common.ids import uuid7
from feedback_site.common.languages import Language
from feedback_site.customers.models import Customer
from feedback_site.service_events.models import ServiceEvent
from feedback_site.voice.enums import FINAL_STATES, STATES, EntryKind, EntryState

_CLOCKS = ("accept_by_at", "close_by_at", "close_complex_by_at")


def _states_fit() -> Q:
    condition = Q()
    for kind, states in STATES.items():
        condition |= Q(kind=kind, state__in=states)
    return condition


def running_clock() -> models.Case:
    """Return the end of the clock that runs now: accepting, then closing; null where none runs."""
    return models.Case(
        models.When(~Q(kind=EntryKind.COMPLAINT) | Q(closed_at__isnull=False), then=None),
        models.When(state=EntryState.RECEIVED, then=F("accept_by_at")),
        models.When(is_complex=True, then=F("close_complex_by_at")),
        default=F("close_by_at"),
        output_field=models.DateTimeField(),
    )


class VoiceEntryQuerySet(ScopedQuerySet["VoiceEntry"]):
    def complaints(self) -> Self:
        """Entries that are cases."""
        return self.filter(kind=EntryKind.COMPLAINT)

    def unfinished(self) -> Self:
        """Entries that wait for staff."""
        return self.exclude(state__in=FINAL_STATES)

    def with_clock(self) -> Self:
        """Add `due_at`, the end of the clock that runs now."""
        return self.annotate(due_at=running_clock())

    def overdue(self, *, at: datetime) -> Self:
        """Complaints whose clock has run out while they wait."""
        return self.with_clock().filter(due_at__lt=at)


class VoiceEntry(models.Model):
    """One complaint, suggestion or praise.

    A complaint is a service event with clocks whose ends are fixed when it is received.

    `submission_key` is a keyed hash of the form's number and of all that was sent in
    it: sent twice it is the same entry. `accepted_at` and `closed_at` are those of the
    first time, by which lateness is judged; an entry that was reopened keeps them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(_("number"), max_length=14, unique=True, editable=False)
    submission_key = models.BinaryField(max_length=32, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=EntryKind)
    state = models.CharField(_("state"), max_length=12, choices=EntryState, default=EntryState.RECEIVED)
    text = models.TextField(_("text"))
    ticket_number = models.CharField(_("ticket number"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=Language)
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="voice_entries",
    )
    service_event = models.OneToOneField(
        ServiceEvent,
        verbose_name=_("service event"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="voice_entry",
    )
    consent_version = models.CharField(
        _("agreed to be contacted"),
        max_length=10,
        blank=True,
        help_text=_("The version of the words agreed to; empty: not agreed."),
    )
    may_publish = models.BooleanField(_("may be published"), default=False)
    is_complex = models.BooleanField(_("complex"), default=False)
    received_at = models.DateTimeField(_("received at"))
    accept_by_at = models.DateTimeField(_("accept by"), null=True, blank=True)
    close_by_at = models.DateTimeField(_("close by"), null=True, blank=True)
    close_complex_by_at = models.DateTimeField(_("close by, if complex"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    closed_at = models.DateTimeField(pgettext_lazy("customer message", "closed on"), null=True, blank=True)

    objects = VoiceEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer message")
        verbose_name_plural = _("customer messages")
        indexes = [
            models.Index(fields=["team", "-received_at"], name="voice_of_team_newest"),
            models.Index(
                fields=["accept_by_at"], condition=Q(accepted_at__isnull=True), name="voice_to_accept"
            ),
        ]
        constraints = [
            one_of("kind", EntryKind, name="has_a_known_kind"),
            one_of("language", Language, name="is_in_a_known_language"),
            models.CheckConstraint(condition=_states_fit(), name="%(class)s_state_fits_its_kind"),
            models.CheckConstraint(
                condition=Q(kind=EntryKind.COMPLAINT, service_event__isnull=False, customer__isnull=False)
                | (~Q(kind=EntryKind.COMPLAINT) & Q(service_event__isnull=True)),
                name="%(class)s_complaint_is_a_case",
            ),
            models.CheckConstraint(
                condition=Q(kind=EntryKind.COMPLAINT, **{f"{name}__isnull": False for name in _CLOCKS})
                | (
                    ~Q(kind=EntryKind.COMPLAINT)
                    & Q(is_complex=False, **{f"{name}__isnull": True for name in _CLOCKS})
                ),
                name="%(class)s_complaint_has_its_clocks",
            ),
            models.CheckConstraint(
                condition=(Q(state=EntryState.RECEIVED) & Q(accepted_at__isnull=True))
                | (
                    ~Q(state=EntryState.RECEIVED)
                    & (Q(accepted_at__isnull=False) | ~Q(kind=EntryKind.COMPLAINT))
                ),
                name="%(class)s_accepted_states_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=FINAL_STATES) | Q(closed_at__isnull=False),
                name="%(class)s_finished_states_when",
            ),
            models.CheckConstraint(
                condition=Q(consent_version="") | Q(customer__isnull=False),
                name="%(class)s_consent_is_of_a_customer",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="%(class)s_says_something"),
            in_order("received_at", "accepted_at", name="accepted_after_it_was_received"),
            in_order("received_at", "closed_at", name="closed_after_it_was_received"),
        ]

    def __str__(self) -> str:
        return self.reference

    def state_in_words(self, state: str = "") -> str:
        """Return a state as people say it of this kind, the present one by default.

        A complaint is closed, praise is passed on.
        """
        said = EntryState(state or self.state)
        if said is EntryState.CLOSED and self.kind == EntryKind.PRAISE:
            return pgettext("praise", "Passed on")
        return str(said.label)

    @property
    def shown_state(self) -> str:
        """The present state in words."""
        return self.state_in_words()

    @property
    def is_finished(self) -> bool:
        """Whether nothing more is to be done."""
        return self.state in FINAL_STATES

    @property
    def close_until(self) -> datetime | None:
        """When it has to be closed, by the clock that holds for it."""
        return self.close_complex_by_at if self.is_complex else self.close_by_at
