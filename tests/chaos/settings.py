"""A checkout's settings, with what the harness needs inside the processes it watches: a hook, and planted bugs when `PLANT` names one."""

import os

from config.settings.local import *  # noqa: F403 - settings modules extend each other
from config.settings.local import INSTALLED_APPS, MIDDLEWARE

PLANT = os.environ.get("PLANT", "")
INSTALLED_APPS = [*INSTALLED_APPS, "tests.chaos"]
MIDDLEWARE = ["tests.chaos.hooks.DieBeforeReply", *MIDDLEWARE]
