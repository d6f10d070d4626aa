"""Runs the site's processes and tells operators how they are: health, figures, logs; `manage.py up`."""
