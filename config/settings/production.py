"""Production: refuses to start on default secrets; HTTPS only."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403 - settings modules extend each other
from config.settings.base import (
    ACCESS_LOG_KEYS,
    BLIND_INDEX_KEYS,
    FIELD_ENCRYPTION_KEYS,
    INSECURE_PREFIX,
    INSTALLED_APPS,
    METRICS_TOKEN,
    PUBLIC_BASE_URL,
    SECRET_KEY,
    SMS_GATEWAY_SECRET,
    SMS_GATEWAY_URL,
    TOKEN_KEYS,
    TRIAL_PHONE_PREFIXES,
    env,
)

LEAST_KEY_LENGTH = 32
_secrets = {
    "SECRET_KEY": [SECRET_KEY],
    "TOKEN_KEYS": TOKEN_KEYS,
    "FIELD_ENCRYPTION_KEYS": FIELD_ENCRYPTION_KEYS,
    "BLIND_INDEX_KEYS": BLIND_INDEX_KEYS,
    "ACCESS_LOG_KEYS": ACCESS_LOG_KEYS,
}
if SMS_GATEWAY_URL:
    _secrets["SMS_GATEWAY_SECRET"] = [SMS_GATEWAY_SECRET]
if METRICS_TOKEN:
    _secrets["METRICS_TOKEN"] = [METRICS_TOKEN]
_insecure = sorted(
    name for name, keys in _secrets.items() if any(key.startswith(INSECURE_PREFIX) or len(key) < LEAST_KEY_LENGTH for key in keys)
)
_needed = ("DATABASE_URL", "REDIS_URL", "PUBLIC_BASE_URL", "ALLOWED_HOSTS", "EMAIL_URL")
_missing = sorted(name for name in _needed if name not in env.ENVIRON and f"{name}_FILE" not in env.ENVIRON)
_faults = []
if _insecure:
    _faults.append(f"secrets of its own, of at least {LEAST_KEY_LENGTH} characters, in {', '.join(_insecure)}")
if _missing:
    _faults.append(f"values for {', '.join(_missing)}")
if _faults:
    raise ImproperlyConfigured("Production needs " + "; ".join(_faults) + ".")
if not PUBLIC_BASE_URL.startswith("https://"):
    message = "PUBLIC_BASE_URL must start with https:// in production."
    raise ImproperlyConfigured(message)
if TRIAL_PHONE_PREFIXES:
    message = "TRIAL_PHONE_PREFIXES takes numbers of nobody for good ones: it must be empty in production."
    raise ImproperlyConfigured(message)

SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "whitenoise.runserver_nostatic"]

SECOND_FACTOR_ROLES = env.list("SECOND_FACTOR_ROLES", default=["administrator", "quality_management"])

REQUIRE_DURABLE_DATABASE = True
