"""Makes the tables and so many invitations, and prints paths and form as JSON.

`python -m benchmarks.peers.ordinary.prepare COUNT`.
"""

import json
import secrets
import sys

import django
from django.core.management import call_command
from django.db import connection


def main(count: int) -> None:
    """Prepare the ordinary view's site."""
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    from benchmarks.peers.ordinary.models import Invitation  # noqa: PLC0415 - models can be imported only now

    tokens = [secrets.token_urlsafe(16) for _ in range(count)]
    Invitation.objects.bulk_create([Invitation(token=token) for token in tokens], batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    form = {
        "satisfaction": "5",
        "resolved": "yes",
        "attitude": "4",
        "recommend": "9",
        "comment": "师傅很专业",
    }
    json.dump({"paths": [f"/r/{token}/" for token in tokens], "form": form}, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]))
