"""Measures in one run, on servers of its own, and prints the table; exits with 1 when a bar is missed."""

import os
import sys
import time

from benchmarks.site import fresh_data_dir, prepared_site


def main(names: list[str]) -> int:
    """Prepare a site, measure everything or the groups named (see `benchmarks.run`), print."""
    started = time.monotonic()
    data_dir = fresh_data_dir()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    import django  # noqa: PLC0415 - the settings read the data folder that was made just now

    django.setup()
    from benchmarks.run import measure  # noqa: PLC0415 - models can be imported only now

    with prepared_site(data_dir):
        is_met = measure(data_dir, names)
    print(f"\nmeasured in {time.monotonic() - started:.0f} s")
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
