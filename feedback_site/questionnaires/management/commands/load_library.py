"""Makes drafts of the library's questionnaires, each once: `manage.py load_library`.

What staff have changed stays.
"""

from typing import Any

from feedback_site.common.terminal import TerminalCommand
from feedback_site.questionnaires.services.exchange.library import library, load_library


class Command(TerminalCommand):
    help = "Add the questionnaires of the library as drafts; those that are here already stay as they are."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Add what is missing and print it."""
        added = load_library()
        # Not translated: scripts read these lines.
        for questionnaire in added:
            self.stdout.write(f"draft {questionnaire.slug}")
        self.stdout.write(f"added {len(added)} of {len(library())}")
