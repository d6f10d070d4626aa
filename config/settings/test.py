"""The test suite: real servers, fast password hashes, mail kept in memory.

A test that needs an SMTP server starts one.
"""

from config.settings.base import *  # noqa: F403 - settings modules extend each other
from config.settings.base import LOGGING, env

SECRET_KEY = "test-secret-key-which-is-long-enough-for-every-check-there-is"  # noqa: S105 - tests only
TOKEN_KEYS = ["test-token-key"]
FIELD_ENCRYPTION_KEYS = ["test-field-encryption-key"]
ACCESS_LOG_KEYS = ["test-access-log-key"]
ACCESS_LOG_ANCHOR_DIR = ""  # tests that anchor say where
BLIND_INDEX_KEYS = ["test-blind-index-key"]
TRIAL_PHONE_PREFIXES = ["+8612"]
SMS_GATEWAY_SECRET = "test-sms-secret"  # noqa: S105 - tests only
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
LOGGING["root"]["level"] = env(
    "LOG_LEVEL", default="ERROR"
)  # what a test breaks on purpose need not fill its report
# Tests read the source language unless they ask for Chinese.
LANGUAGE_CODE = "en"
# No collectstatic in tests: files are served from where they lie.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
