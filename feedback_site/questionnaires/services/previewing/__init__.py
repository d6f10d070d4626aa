"""A questionnaire as customers would see it, for its author: drawn
by the pages that customers get, tried out, and never stored.
"""

from feedback_site.questionnaires.services.previewing.branches import (
    EVERYTHING,
    SHORTEST,
    Branch,
    branches_of,
)
from feedback_site.questionnaires.services.previewing.drawing import framed_policy, preview
from feedback_site.questionnaires.services.previewing.trying import Trial, try_out

__all__ = ["EVERYTHING", "SHORTEST", "Branch", "Trial", "branches_of", "framed_policy", "preview", "try_out"]
