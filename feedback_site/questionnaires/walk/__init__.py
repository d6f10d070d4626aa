"""The walk through a questionnaire: which screens, which answers count. It knows no database and no page."""

from feedback_site.questionnaires.walk.reading import ReadAnswers, fields_of, is_of_set, key_of, word_names
from feedback_site.questionnaires.walk.screens import Screen
from feedback_site.questionnaires.walk.walk import Next, Walk, end_reached

__all__ = [
    "Next",
    "ReadAnswers",
    "Screen",
    "Walk",
    "end_reached",
    "fields_of",
    "is_of_set",
    "key_of",
    "word_names",
]
