"""The site of django-survey-and-report."""

from pathlib import Path

from benchmarks.peers.settings import *  # noqa: F403 - settings modules extend each other
from benchmarks.peers.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "survey"]
ROOT_URLCONF = "benchmarks.peers.survey_and_report.urls"
# What its documentation asks for.
CHOICES_SEPARATOR = ","
USER_DID_NOT_ANSWER = "Left blank"
DEFAULT_SURVEY_PUBLISHING_DURATION = 7
EXCEL_COMPATIBLE_CSV = True
CSV_DIRECTORY = Path("csv")
TEX_DIRECTORY = Path("tex")
SURVEY_DEFAULT_PIE_COLOR = "blue!50"
