"""Customers' pages: short function views, called by `config.answer_path` and by nothing else."""

from feedback_site.voice.views.standing import standing
from feedback_site.voice.views.voice import voice

__all__ = ["standing", "voice"]
