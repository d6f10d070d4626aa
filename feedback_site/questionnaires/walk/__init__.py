"""The walk through a questionnaire: which screens, which answers count. It knows no database and no page."""
