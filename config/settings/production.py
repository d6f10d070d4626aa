"""Production: refuses to start on default secrets; HTTPS only."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403 - settings modules extend each other
from config.settings.base import (
    ACCESS_LOG_KEYS,
    ALLOWED_HOSTS,
    BLIND_INDEX_KEYS,
    FIELD_ENCRYPTION_KEYS,
    INSTALLED_APPS,
    METRICS_TOKEN,
    PUBLIC_BASE_URL,
    SECRET_KEY,
    SHOW_LIVE_LINKS,
    SMS_GATEWAY_SECRET,
    SMS_GATEWAY_URL,
    TOKEN_KEYS,
    TRIAL_PHONE_PREFIXES,
    TRUSTED_PROXIES,
    env,
)
from config.settings.refusals import StatedSettings, faults_of

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
_faults = faults_of(
    StatedSettings(
        secrets=_secrets,
        given=env.ENVIRON,
        allowed_hosts=ALLOWED_HOSTS,
        public_base_url=PUBLIC_BASE_URL,
        gateway_urls={"SMS_GATEWAY_URL": SMS_GATEWAY_URL},
        shows_live_links=SHOW_LIVE_LINKS,
        trial_phone_prefixes=TRIAL_PHONE_PREFIXES,
        trusted_proxies=TRUSTED_PROXIES,
    )
)
if _faults:
    raise ImproperlyConfigured("Production needs " + "; ".join(_faults) + ".")

# A cookie of this name is taken by browsers only from this host, by
# HTTPS, for all of it: no neighbour under the same domain can set it.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/"
SESSION_COOKIE_DOMAIN = CSRF_COOKIE_DOMAIN = None
STAFF_DEVICE_COOKIE_NAME = "__Host-staffdevice"
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
