"""What operations put on record."""

from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.enums import AccessAction


class OperationsAccess(AccessAction):
    """What this app puts on record in the access log."""

    BACKED_UP = "backed_up", _("backup made")
    RESTORED = "restored", _("backup restored")
