"""Debian's nginx in front of a site, with the configuration that the project ships."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from feedback_site.embedded.layout import PROJECT_ROOT
from feedback_site.embedded.processes import wait_until
from tests.chaos.wire import HOST, LostError, Wire

SHIPPED = PROJECT_ROOT / "deploy" / "nginx.conf"
# What differs on a machine of its own: who it runs as, where it writes, where it listens, and no certificate.
_TEMPORARY = "".join(
    f"\n    {kind}_temp_path {{folder}}/{kind};"
    for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
)
_CHANGES = (
    (r"^user www-data;$", "daemon off;"),
    (r"^pid [^;]*;$", "pid {folder}/nginx.pid;"),
    (r"/var/log/nginx/", "{folder}/"),
    (r"^    server \{\n        listen 80;\n.*?\n    \}\n", ""),
    (r"listen 443 ssl http2;", "listen {host}:{port};"),
    (r"^ *ssl_\w+ [^\n]*\n", ""),
    (r"server 127\.0\.0\.1:8000;", "server {host}:{site_port};"),
    (r"^http \{$", "http {{" + _TEMPORARY),
)


def configuration(*, folder: Path, port: int, site_port: int) -> str:
    """Return the shipped configuration for this machine.

    Raises LookupError where it no longer has what is changed.
    """
    text = SHIPPED.read_text(encoding="utf-8")
    for pattern, instead in _CHANGES:
        filled = instead.format(folder=folder, host=HOST, port=port, site_port=site_port)
        text, count = re.subn(
            pattern, lambda _match, filled=filled: filled, text, flags=re.MULTILINE | re.DOTALL
        )
        if not count:
            raise LookupError(pattern)
    return text


def program() -> str:
    """Return nginx. Raises LookupError with what to do where the machine has none."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if not found:
        message = "nginx is not installed: apt-get install nginx-light"
        raise LookupError(message)
    return found


@contextmanager
def running_proxy(*, folder: Path, port: int, site_port: int) -> Iterator[None]:
    """Run nginx for the block."""
    folder.mkdir(mode=0o755, exist_ok=True)
    file = folder / "nginx.conf"
    file.write_text(configuration(folder=folder, port=port, site_port=site_port), encoding="utf-8")
    command = [program(), "-c", str(file), "-p", str(folder), "-e", str(folder / "start.log")]
    with subprocess.Popen(command) as process:
        try:
            if not wait_until(lambda: _answers(port), seconds=15):
                raise LookupError((folder / "start.log").read_text(encoding="utf-8", errors="replace"))
            yield
        finally:
            process.terminate()
            process.wait(15)


def _answers(port: int) -> bool:
    wire = Wire(port, timeout=3)
    try:
        return wire.ask("GET", "/health/").status == 200
    except LostError:
        return False
    finally:
        wire.close()
