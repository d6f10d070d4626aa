"""Others who take answers by web form, measured in the same run.

An ordinary Django view, and django-survey-and-report.
"""
