"""Addresses of the embedded servers, known without starting anything."""

from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from feedback_site.embedded.layout import POSTGRES_PORT, layout_of

DATABASE_NAME = "feedback_site"
DATABASE_USER = "postgres"


def database_url(data_dir: Path | str | None = None, *, name: str = DATABASE_NAME) -> str:
    """Return the URL of a database on the embedded PostgreSQL.

    The socket's folder travels as `?host=`, which libpq and django-environ both understand;
    the latter puts it into `OPTIONS`.
    """
    host = quote(str(layout_of(data_dir).postgres_sockets))
    return f"postgres://{DATABASE_USER}@:{POSTGRES_PORT}/{name}?host={host}"


def redis_url(data_dir: Path | str | None = None, *, database: int = 0) -> str:
    """Return the `unix://` URL of the embedded Valkey, for redis-py and Django's cache."""
    return f"unix://{quote(str(layout_of(data_dir).valkey_socket))}?db={database}"


def celery_broker_url(url: str) -> str:
    """Translate a redis-py URL into Celery's spelling; only `unix://` differs."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    query = dict(parse_qsl(parts.query))
    database = query.pop("db", "0")
    options = urlencode({"virtual_host": database, **query})
    credentials = f"{parts.netloc.rsplit('@', 1)[0]}@" if "@" in parts.netloc else ""
    return f"redis+socket://{credentials}{parts.path}?{options}"
