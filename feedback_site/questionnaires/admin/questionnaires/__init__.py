"""Questionnaires: the draft is edited, previewed and tried out, then published into a frozen version."""

from feedback_site.questionnaires.admin.questionnaires.page import QuestionnaireAdmin

__all__ = ["QuestionnaireAdmin"]
