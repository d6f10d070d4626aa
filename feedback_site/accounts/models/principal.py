"""Who or what asks: a member of staff or an API key, with the rows it may see."""

from typing import Protocol

from django.utils.translation import gettext as _

from feedback_site.accounts.enums import DataScope
from feedback_site.common.exceptions import NotAllowedError


class Principal(Protocol):
    """Who or what has a data scope: a member of staff or an API key."""

    @property
    def data_scope(self) -> DataScope:
        """Whose rows it may see."""

    @property
    def scope_team_id(self) -> int | None:
        """The root of the subtree it may see; none: no team of its own."""


def intake_team_of(principal: Principal | None) -> int | None:
    """Return the id of the team to which everything that `principal` sends is bound.

    None for the site itself and for principals that see all teams.

    Numbers of service systems are known within it: what other teams call by the
    same number is another thing, and stays unseen. Raises `NotAllowedError`
    where a scope holds no single rows: it could not see what it sends.
    """
    if principal is None or principal.data_scope is DataScope.ALL:
        return None
    if principal.data_scope is not DataScope.SUBTREE or principal.scope_team_id is None:
        raise NotAllowedError(_("You may not send service events."))
    return principal.scope_team_id
