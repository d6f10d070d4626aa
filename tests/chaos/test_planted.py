"""The planted bugs follow the product: each finds what it takes away."""

import os
import subprocess
import sys

from feedback_site.embedded.layout import PROJECT_ROOT

_PLANT_ALL = """
import django
django.setup()
from tests.chaos.planted import PLANTS, plant
for name in PLANTS:
    plant(name)
    print(name)
"""


def test_every_planted_bug_finds_its_place():
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    done = subprocess.run(
        [sys.executable, "-c", _PLANT_ALL],
        cwd=PROJECT_ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-1000:]
    assert len(done.stdout.splitlines()) >= 7
