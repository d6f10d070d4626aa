"""Checks, by SQL of its own, that every event, message and answer adds up; `manage.py verify`."""
