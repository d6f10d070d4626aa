"""Customers' pages: short function views, called by `config.answer_path` and by nothing else."""

from surveys.views.questionnaire import questionnaire
from surveys.views.unsubscribe import unsubscribe

__all__ = ["questionnaire", "unsubscribe"]
