"""The same questionnaire in django-survey-and-report, as its documentation sets it up.

Runs in an environment of its own.
"""
