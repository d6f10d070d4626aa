"""The shipped proxy configuration: nginx takes it, and it limits what slow senders can hold."""

import os
import re
import subprocess

import pytest

from tests.chaos.proxy import SHIPPED, configuration, program


def test_nginx_takes_the_shipped_configuration(tmp_path):
    try:
        nginx = program()
    except LookupError:
        if os.environ.get("CI"):
            raise
        pytest.skip("nginx is not installed here")
    file = tmp_path / "nginx.conf"
    file.write_text(configuration(folder=tmp_path, port=18443, site_port=18000), encoding="utf-8")

    done = subprocess.run(
        [nginx, "-t", "-c", str(file), "-p", str(tmp_path), "-e", "stderr"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "limit",
    [
        "client_header_timeout 10s",
        "client_body_timeout 10s",
        "proxy_request_buffering on",
        "limit_conn addresses 40",
        "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for",
    ],
)
def test_slow_senders_are_limited(limit):
    assert re.search(rf"^ *{re.escape(limit)};$", SHIPPED.read_text(encoding="utf-8"), re.MULTILINE)
