"""Questionnaires as files.

Our own definitions, exact both ways, and XLSForms, as far as they can be said here.
"""

from feedback_site.questionnaires.services.exchange.checking import find_problems, sound_document
from feedback_site.questionnaires.services.exchange.importing import (
    import_definition,
    import_document,
    slug_is_taken,
)
from feedback_site.questionnaires.services.exchange.problems import DefinitionError, DefinitionProblem
from feedback_site.questionnaires.services.exchange.reading import read_definition, write_definition

__all__ = [
    "DefinitionError",
    "DefinitionProblem",
    "find_problems",
    "import_definition",
    "import_document",
    "read_definition",
    "slug_is_taken",
    "sound_document",
    "write_definition",
]
