"""The test suite's settings, with planted bugs when `PLANT` names one."""

import os

from config.settings.test import *  # noqa: F403 - settings modules extend each other
from config.settings.test import INSTALLED_APPS

PLANT = os.environ.get("PLANT", "")
INSTALLED_APPS = [*INSTALLED_APPS, "tests.chaos"]
