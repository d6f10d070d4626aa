"""The branches of a draft, for its author, with answers that lead to each."""

from feedback_site.questionnaires.services.previewing.branches import (
    EVERYTHING,
    SHORTEST,
    Branch,
    branches_of,
)

__all__ = ["EVERYTHING", "SHORTEST", "Branch", "branches_of"]
