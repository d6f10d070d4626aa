"""Questionnaires: what can be asked, how it is written, tried, published and exchanged."""
