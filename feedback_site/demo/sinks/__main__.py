"""`python -m feedback_site.demo.sinks`: run both sinks until INT or TERM.

Options: `--smtp-port N --sms-port N --outbox DIR`.
"""

import argparse
import os
import signal
import sys
from pathlib import Path

from feedback_site.demo.sinks.running import running_sinks

_STOPS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


def main(arguments: list[str] | None = None) -> int:
    """Run until asked to stop; the first line of output says where both listen."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    parser = argparse.ArgumentParser(prog="python -m feedback_site.demo.sinks")
    parser.add_argument("--smtp-port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--sms-port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--outbox", type=Path, required=True)
    options = parser.parse_args(arguments)
    # Blocked before the sinks' threads start, so that they inherit it
    # and the signal waits for `sigwait`: nothing runs inside a handler.
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    with running_sinks(
        outbox=options.outbox, smtp_port=options.smtp_port, sms_port=options.sms_port
    ) as sinks:
        sys.stdout.write(
            f"keeping mail from {sinks.email_url} and texts from {sinks.sms_gateway_url} in {sinks.outbox}\n"
        )
        sys.stdout.flush()
        signal.sigwait(_STOPS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
