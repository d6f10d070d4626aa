"""Ada and a draft of her region."""

from tests.factories.accounts.fixtures import ada
from tests.factories.questionnaires.fixtures import draft, questionnaire

__all__ = ["ada", "draft", "questionnaire"]
