"""What can go wrong before the application itself is able to speak."""


class EmbeddedServersUnavailable(RuntimeError):  # noqa: N818 - reads as the sentence it reports
    """The embedded servers cannot run here; the message says what to do instead."""

    def __init__(self, reason: str) -> None:
        """Append the way that always works: servers of one's own."""
        super().__init__(
            f"{reason}\nTo use servers of your own, set DATABASE_URL (postgres://...) and REDIS_URL (redis://...).",
        )


class ServersInUse(RuntimeError):  # noqa: N818 - reads as the sentence it reports
    """Another process is using the servers, so their data stays where it is."""
