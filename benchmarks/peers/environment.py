"""The environment of a peer that does not belong into ours: made by uv for the run, with pinned versions."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

PINNED = "django-survey-and-report==1.5.0"
# What all have in common has the same version.
SHARED = ("django", "psycopg", "psycopg-binary", "granian")


def make_environment(folder: Path) -> Path:
    """Return the Python of a new environment with django-survey-and-report in it.

    Raises CalledProcessError when it cannot be installed.
    """
    uv, python = Path(sys.executable).with_name("uv"), folder / "bin" / "python"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    wanted = [PINNED, *(f"{name}=={version(name)}" for name in SHARED)]
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, *wanted], check=True)
    return python
