"""Better Chinese for texts of Django's admin that read as if a machine had written them.

The project's catalogue comes first.
"""

from django.utils.translation import gettext_noop

TEXTS = (
    gettext_noop("Add another %(verbose_name)s"),
    gettext_noop("Add another %(model)s"),
    gettext_noop("Select %s to change"),
    gettext_noop("Select %s to view"),
    gettext_noop(" By %(filter_title)s "),
)
