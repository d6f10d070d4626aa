"""A checkout's settings, and planted bugs when `PLANT` names one."""

import os

from config.settings.local import *  # noqa: F403 - settings modules extend each other
from config.settings.local import INSTALLED_APPS

PLANT = os.environ.get("PLANT", "")
INSTALLED_APPS = [*INSTALLED_APPS, "tests.chaos"]
