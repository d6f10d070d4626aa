"""Commands speak the language of the terminal, not that of the site.

An operator starts them, not a customer.
"""

import os
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from feedback_site.common.languages import Language, is_chinese


def terminal_language() -> str:
    """Return the language of the terminal by `LC_ALL`, `LC_MESSAGES` or `LANG`.

    Chinese where it says so, else English.
    """
    locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return Language.CHINESE.value if is_chinese(locale) else Language.ENGLISH.value


class TerminalCommand(BaseCommand):
    """The base of this site's commands."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command in the terminal's language."""
        with translation.override(terminal_language()):
            return super().execute(*args, **options)
