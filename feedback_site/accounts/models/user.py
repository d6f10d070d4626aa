"""Members of staff."""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from feedback_site.accounts.enums import SUBTREE_ROLES, DataScope, Role
from feedback_site.accounts.models.principal import Principal
from feedback_site.accounts.models.role_policy import RolePolicy
from feedback_site.accounts.models.team import Team, team_subtree
from feedback_site.common.constraints import one_of
from feedback_site.common.languages import Language
from feedback_site.common.masking import is_chinese


class UserQuerySet(models.QuerySet["User"]):
    """Staff by team."""

    def for_user(self, principal: Principal) -> Self:
        """Return the colleagues whom `principal` may see: those of its subtree, or all."""
        if principal.data_scope is DataScope.ALL:
            return self.all()
        if principal.data_scope is DataScope.SUBTREE and principal.scope_team_id is not None:
            return self.filter(team_id__in=team_subtree(principal.scope_team_id))
        return self.none()

    def with_phone_in(self, forms: Iterable[bytes]) -> Self:
        """Return active staff whose phone is on record in one of these forms of its blind index."""
        return self.filter(phone_index__in=list(forms), is_active=True)

    def with_second_factor(self) -> Self:
        """Annotate `has_second_factor`, and the rule of the user's role as `second_factor_rule`."""
        devices = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        rules = RolePolicy.objects.filter(role=OuterRef("policy_role")).values("second_factor")[:1]
        role = Case(When(is_superuser=True, then=Value(Role.ADMINISTRATOR.value)), default=F("role"))
        return self.annotate(
            policy_role=role, has_second_factor=Exists(devices), second_factor_rule=Subquery(rules)
        )


class StaffManager(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc] # a class made at run time
    """`create_user` and scope in one."""

    use_in_migrations = False


class User(AbstractUser):
    """A member of staff: one role, and one team where the role's scope is a subtree."""

    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.SERVICE_TEAM)
    team = models.ForeignKey(
        Team, verbose_name=_("team"), on_delete=models.PROTECT, null=True, blank=True, related_name="members"
    )
    language = models.CharField(_("language"), max_length=10, choices=Language, default=Language.CHINESE)
    # Sealed to this row, with the blind index that finds the number and nothing else.
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_index = models.BinaryField(null=True, editable=False, db_index=True)
    phone_mask = models.CharField(_("phone on record"), max_length=20, blank=True, editable=False)
    # Raised to end every session of this person.
    session_generation = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[StaffManager] = StaffManager()

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")
        constraints = [
            one_of("role", Role, name="has_a_known_role"),
            models.CheckConstraint(
                condition=~Q(role__in=SUBTREE_ROLES) | Q(team__isnull=False) | Q(is_superuser=True),
                name="%(class)s_of_a_team_role_has_a_team",
            ),
            models.CheckConstraint(
                condition=Q(phone_sealed__isnull=True, phone_index__isnull=True, phone_mask="")
                | Q(phone_sealed__isnull=False, phone_index__isnull=False),
                name="%(class)s_phone_is_sealed_with_its_index",
            ),
        ]

    def get_full_name(self) -> str:
        """The name as people write it: 林静, but Anna Chen."""
        if is_chinese(self.last_name):
            return f"{self.last_name}{self.first_name}"
        return super().get_full_name()

    def get_session_auth_hash(self) -> str:
        """Return what a valid session holds; the password and `session_generation` change it."""
        return f"{super().get_session_auth_hash()}.{self.session_generation}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under the secret keys that are going out of use."""
        return (
            f"{fallback}.{self.session_generation}" for fallback in super().get_session_auth_fallback_hash()
        )

    @property
    def data_scope(self) -> DataScope:
        """Whose rows this person may see."""
        return DataScope.ALL if self.is_superuser else Role(self.role).data_scope

    @property
    def scope_team_id(self) -> int | None:
        """The root of the subtree this person may see."""
        return self.team_id
