"""Starts PostgreSQL and Valkey from their wheels when no address is configured."""

from feedback_site.embedded.exceptions import EmbeddedServersUnavailable, ServersInUse
from feedback_site.embedded.servers import (
    Servers,
    end_on_signals,
    ensure_servers,
    needed_servers,
    remove_data,
    running_servers,
)

__all__ = [
    "EmbeddedServersUnavailable",
    "Servers",
    "ServersInUse",
    "end_on_signals",
    "ensure_servers",
    "needed_servers",
    "remove_data",
    "running_servers",
]
