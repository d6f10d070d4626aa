"""Files and signatures that customers send with their answers.

They are kept sealed as they arrive, taken over by the response, and swept away where there is none.
"""

from surveys.services.files.keeping import BusyError, take_files, take_over_files
from surveys.services.files.opening import OpenedFile, open_response_file
from surveys.services.files.sweeping import sweep_files

__all__ = [
    "BusyError",
    "OpenedFile",
    "open_response_file",
    "sweep_files",
    "take_files",
    "take_over_files",
]
