"""What the tests of masked words share.

What people write, what is stored of it, and a look into every table.
"""

from django.db import connection

SAID = "打 138 0000 0104 找王小明，ann@example.com，400-800-8888，订单 20261130001"
IN_CLEAR = "138 ?0000 ?0104|ann@example|王小明"


def shown(*, hotline: str = "***") -> str:
    """What is stored of it where 王小明 is the customer; staff may write a hotline."""
    return f"打 *** 找***，***，{hotline}，订单 20261130001"


def tables_in_clear() -> list[str]:
    """Return every table of which a row holds something of it in clear."""
    found: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = "
            "'BASE TABLE'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute((f'SELECT count(*) FROM "{table}" t WHERE t::text ~ %s'), [IN_CLEAR])  # noqa: S608 - a name from the catalogue
            found += [table] if cursor.fetchone()[0] else []
    return found
