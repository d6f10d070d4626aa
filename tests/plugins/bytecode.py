"""Keeps what Python compiles where the environment says that nothing is to be written beside the sources.

The suite starts the site's processes dozens of times, and each would compile
Django again, which takes as long as all else that it does before it serves. The
data folder holds what was compiled, so the sources still stay as they are.

Loaded with `-p`, before all that is large; xdist's workers and every process that a test starts inherit it.
"""

import os
import sys

from feedback_site.embedded.layout import layout_of, make_data_dir
from feedback_site.embedded.servers import TEST_FOLDER


def pytest_addoption() -> None:
    """Name a folder: the first hook of all, before any settings are read."""
    if sys.dont_write_bytecode and not sys.pycache_prefix:
        folder = layout_of().data_dir / TEST_FOLDER / "bytecode"
        make_data_dir(folder)
        sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(folder)
        sys.dont_write_bytecode = False
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
