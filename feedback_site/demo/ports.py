"""Ports of this machine that no process listens on."""

import socket

HOST = "127.0.0.1"
_TRIES = 50


def is_free(port: int) -> bool:
    """Tell whether a server could listen on `port`."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port(preferred: int, *, taken: frozenset[int] = frozenset()) -> int:
    """Return `preferred` or the next port that is free and not in `taken`.

    OSError when there is none near.
    """
    for port in range(preferred, preferred + _TRIES):
        if port not in taken and is_free(port):
            return port
    message = f"No free port from {preferred} to {preferred + _TRIES - 1}."
    raise OSError(message)
