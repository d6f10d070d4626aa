"""A stretch of network before the database that can fall silent.

Connections stay open, and nothing passes.
"""

import socket
import threading
from contextlib import suppress
from typing import Any

from django.db import connection

from feedback_site.operations.slots import impatient_database

_CHUNK = 65_536


class SilentNetwork:
    """Forwards a port of this machine to the tests' database.

    What is sent while it is silent passes when it is not any more.
    """

    def __init__(self) -> None:
        self._open = threading.Event()
        self._open.set()
        connection.ensure_connection()
        self._database = connection.connection.info
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def fall_silent(self) -> None:
        self._open.clear()

    def speak(self) -> None:
        self._open.set()

    def close(self) -> None:
        self.speak()
        self._listener.close()
        for one in self._sockets:
            one.close()

    def make_database(self) -> Any:
        """Return a slot's connection that leads through here."""
        database = impatient_database()
        to_here = {"NAME": connection.settings_dict["NAME"], "HOST": "127.0.0.1", "PORT": self.port}
        database.settings_dict = {**database.settings_dict, **to_here}
        return database

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, far = self._listener.accept()[0], self._reach_database()
                self._sockets += [near, far]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _reach_database(self) -> socket.socket:
        host, port = self._database.host, self._database.port
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        local = socket.socket(socket.AF_UNIX)
        local.connect(f"{host}/.s.PGSQL.{port}")
        return local

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while chunk := source.recv(_CHUNK):
                self._open.wait()
                sink.sendall(chunk)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
