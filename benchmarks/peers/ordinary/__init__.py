"""The same questionnaire as anybody would build it with Django.

A ModelForm, a template, a view that saves and redirects.

The template writes its own inputs: leaving that to the form's widgets would cost it twice as much.
"""
