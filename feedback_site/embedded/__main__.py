"""Looks after the data folder by hand: `python -m feedback_site.embedded status | remove`."""

import sys

from feedback_site.embedded.exceptions import ServersInUse
from feedback_site.embedded.layout import layout_of
from feedback_site.embedded.postgres import Postgres
from feedback_site.embedded.servers import remove_data
from feedback_site.embedded.valkey import Valkey


def main(arguments: list[str]) -> int:
    """Run one command and return the exit status."""
    if arguments == ["status"]:
        layout = layout_of()
        sys.stdout.write(
            f"data       {layout.data_dir}\n"
            f"PostgreSQL {Postgres(layout).pid or 'not running'}\n"
            f"Valkey     {Valkey(layout).pid or 'not running'}\n",
        )
        return 0
    if arguments == ["remove"]:
        try:
            sys.stdout.write(f"{remove_data()} is empty.\n")
        except ServersInUse as error:
            sys.stderr.write(f"{error}\n")
            return 1
        return 0
    sys.stderr.write(f"{__doc__}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
