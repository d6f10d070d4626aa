"""The WSGI entry point that the web server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

application = get_wsgi_application()

from surveys.services.background import background  # noqa: E402 - models are ready only now
from surveys.services.link_visits import flush_visits  # noqa: E402

background.enable(flush_visits)
