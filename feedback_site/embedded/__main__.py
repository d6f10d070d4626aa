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
        print(f"data       {layout.data_dir}")
        print(f"PostgreSQL {Postgres(layout).pid or 'not running'}")
        print(f"Valkey     {Valkey(layout).pid or 'not running'}")
        return 0
    if arguments == ["remove"]:
        try:
            print(f"{remove_data()} is empty.")
        except ServersInUse as error:
            print(error, file=sys.stderr)
            return 1
        return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
