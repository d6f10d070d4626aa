"""A checkout on somebody's machine, the demo included."""

from config.settings.base import *  # noqa: F403 - settings modules extend each other
from config.settings.base import env

DEBUG = env.bool("DEBUG", default=False)
