"""Questionnaires as files.

Our own definitions, exact both ways, and XLSForms, as far as they can be said here.
"""

from feedback_site.questionnaires.services.exchange.checking import find_problems
from feedback_site.questionnaires.services.exchange.exporting import export_definition
from feedback_site.questionnaires.services.exchange.importing import import_definition, slug_is_taken
from feedback_site.questionnaires.services.exchange.problems import DefinitionError, DefinitionProblem
from feedback_site.questionnaires.services.exchange.reading import read_definition, write_definition

__all__ = [
    "DefinitionError",
    "DefinitionProblem",
    "export_definition",
    "find_problems",
    "import_definition",
    "read_definition",
    "slug_is_taken",
    "write_definition",
]
