"""Customers' pages: short function views, called by `config.answer_path` and by nothing else."""

from surveys.views.on_site import on_site
from surveys.views.open_form import open_form
from surveys.views.preferences import preferences
from surveys.views.questionnaire import questionnaire
from surveys.views.trap import trap
from surveys.views.unsubscribe import unsubscribe

__all__ = ["on_site", "open_form", "preferences", "questionnaire", "trap", "unsubscribe"]
