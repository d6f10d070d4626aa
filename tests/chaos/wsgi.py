"""The product's application with the hook around it."""

from django.conf import settings

from config.wsgi import application as product
from tests.chaos.hooks import DieBeforeReply

application = DieBeforeReply(product, settings.DATA_DIR)
