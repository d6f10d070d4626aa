#!/usr/bin/env python
"""Django's command line; brings its own servers along where none are configured."""

import os
import signal
import sys

from django.core.management import execute_from_command_line

from config.settings import logs
from feedback_site.embedded import EmbeddedServersUnavailable, end_on_signals, ensure_servers
from feedback_site.embedded.layout import layout_of

# These need no database, or see to their servers themselves.
_WITHOUT_SERVERS = {
    "check",
    "collectstatic",
    "compilemessages",
    "demo",
    "diffsettings",
    "help",
    "makemessages",
    "messages",
    "makemigrations",
    "spectacular",
    "up",
    "version",
}
# The development server's lines are what its terminal is for.
_LOGS_ON_THE_TERMINAL = {"runserver", "testserver"}
_ASKS_FOR_HELP = {"-h", "--help", "--version"}


def main() -> None:
    """Run one command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    end_on_signals()
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command not in _WITHOUT_SERVERS and not _ASKS_FOR_HELP & set(sys.argv):
        try:
            ensure_servers()
        except EmbeddedServersUnavailable as error:
            sys.exit(str(error))
    if command not in _LOGS_ON_THE_TERMINAL:
        logs.write_to(layout_of().data_dir / "logs" / "commands.log")
    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


if __name__ == "__main__":
    main()
