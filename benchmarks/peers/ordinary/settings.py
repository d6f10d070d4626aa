"""The ordinary view's site."""

from benchmarks.peers.settings import *  # noqa: F403 - settings modules extend each other
from benchmarks.peers.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.peers.ordinary"]
ROOT_URLCONF = "benchmarks.peers.ordinary.urls"
