"""What every environment shares; values that differ come from the environment."""

from datetime import timedelta
from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

from config.settings.logs import logging_configuration
from config.settings.staff_pages import UNFOLD  # noqa: F401 - a setting
from feedback_site.embedded import urls as embedded_urls

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.FileAwareEnv()
DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / ".local"))).resolve()

# Placeholders that `production` refuses: they let a checkout run before its secrets are made.
INSECURE_PREFIX = "insecure-"
SECRET_KEY = env(
    "SECRET_KEY", default=f"{INSECURE_PREFIX}secret-key-of-a-checkout-that-is-not-configured-yet"
)
TOKEN_KEYS = env.list("TOKEN_KEYS", default=[f"{INSECURE_PREFIX}token-key"])
FIELD_ENCRYPTION_KEYS = env.list("FIELD_ENCRYPTION_KEYS", default=[f"{INSECURE_PREFIX}field-encryption-key"])
# Seals of the access log. Newest first; old ones stay as long as entries that they sealed.
ACCESS_LOG_KEYS = env.list("ACCESS_LOG_KEYS", default=[f"{INSECURE_PREFIX}access-log-key"])
BLIND_INDEX_KEYS = env.list("BLIND_INDEX_KEYS", default=[f"{INSECURE_PREFIX}blind-index-key"])

DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
PUBLIC_BASE_URL = env("PUBLIC_BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
# Where end pages of questionnaires may lead to, as host names; only by HTTPS.
REDIRECT_HOSTS = env.list("REDIRECT_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[PUBLIC_BASE_URL])
# One or more segments; the slashes around them are ours to place.
ADMIN_PATH = f"{env('ADMIN_PATH', default='admin').strip('/') or 'admin'}/"

INSTALLED_APPS = [
    "feedback_site.accounts.staff_site.StaffSiteConfig",  # Unfold
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "pgtrigger",
    "pghistory",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "tree_queries",
    "feedback_site.common",
    "feedback_site.accounts",
    "feedback_site.customers",
    "feedback_site.service_events",
    "feedback_site.delivery",
    "feedback_site.evaluations",
    "feedback_site.improvements",
    "feedback_site.voice",
    "feedback_site.questionnaires",
    "surveys",
    "nps",
    "visits",
    "feedback_site.operations",
    "feedback_site.dashboards",
    "feedback_site.conservation",
    "feedback_site.demo",
]

MIDDLEWARE = [
    "config.answer_path.AnswerPath",
    "feedback_site.operations.middleware.CountReplies",
    "feedback_site.common.csp.ContentSecurityPolicy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "feedback_site.accounts.middleware.CompanyZone",
    "feedback_site.accounts.middleware.StaffSession",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "feedback_site.common.history.StaffHistory",
    "feedback_site.operations.middleware.RequestLog",
    "feedback_site.common.nul_characters.RefuseNulCharacters",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
CSRF_FAILURE_VIEW = "feedback_site.common.error_pages.stale_form"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "feedback_site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": env.db("DATABASE_URL", default=embedded_urls.database_url(DATA_DIR))}
DATABASES["default"]["CONN_MAX_AGE"] = None
# One short question before a request, so that a restart of PostgreSQL fails none that
# comes after it. Customers' requests, which reconnect by themselves, do without.
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("OPTIONS", {})["connect_timeout"] = 5
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIGRATION_MODULES: dict[str, str] = {}

REDIS_URL = env("REDIS_URL", default=embedded_urls.redis_url(DATA_DIR))
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "feedback_site.accounts.services.staff_backend.StaffBackend",
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# Wrong passwords: so many for one name from one address, and
# for one name from anywhere, until it is closed for a while.
SIGN_IN_FAILURES = env.int("SIGN_IN_FAILURES", default=5)
SIGN_IN_FAILURES_BY_NAME = env.int("SIGN_IN_FAILURES_BY_NAME", default=30)
AXES_COOLOFF_TIME = timedelta(minutes=env.int("SIGN_IN_COOL_OFF_MINUTES", default=15))
# How many proxies stand in front, each adding the address it
# was called from to X-Forwarded-For; 0 believes no header.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
AXES_HANDLER = "feedback_site.accounts.services.sign_in_attempts.SignInAttempts"
AXES_FAILURE_LIMIT = SIGN_IN_FAILURES
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "username"]
AXES_USERNAME_CALLABLE = "feedback_site.accounts.services.sign_in_attempts.name_on_record"
AXES_CLIENT_IP_CALLABLE = "feedback_site.accounts.services.sign_in_attempts.address_to_count"
AXES_LOCKOUT_CALLABLE = "feedback_site.accounts.views.locked_out_page"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Carried by devices that have signed in before; production gives it a safer name.
STAFF_DEVICE_COOKIE_NAME = "staffdevice"

# Roles that need a second factor where an administrator has not said otherwise in "Sign-in rules".
SECOND_FACTOR_ROLES = env.list("SECOND_FACTOR_ROLES", default=[])
OTP_TOTP_ISSUER = env("SECOND_FACTOR_ISSUER", default="Feedback Site")

# Staff sign in again after so long without a click, and after so long at the latest.
STAFF_IDLE_SECONDS = 60 * env.int("STAFF_IDLE_MINUTES", default=30)
STAFF_SESSION_SECONDS = 60 * 60 * env.int("STAFF_SESSION_HOURS", default=12)
SESSION_COOKIE_AGE = STAFF_SESSION_SECONDS

# How many contacts one person or system may look at; 0 sets no limit.
CONTACT_REVEALS_PER_HOUR = env.int("CONTACT_REVEALS_PER_HOUR", default=40)
CONTACT_REVEALS_PER_DAY = env.int("CONTACT_REVEALS_PER_DAY", default=200)

# How many contacts a member of staff may search for within an hour,
# by role: the support team answers the hotline; 0 means none.
CONTACT_SEARCHES_PER_HOUR = {
    "support_team": 300,
    "service_team": 30,
    "survey_staff": 30,
    "quality_management": 30,
    "administrator": 30,
    "analyst": 0,
    "management": 0,
    "assessor": 0,
    **env.dict("CONTACT_SEARCHES_PER_HOUR", cast={"value": int}, default={}),
}

# How many codes one member of staff may show to customers on site within an hour; 0 sets no limit.
ON_SITE_LINKS_PER_HOUR = env.int("ON_SITE_LINKS_PER_HOUR", default=20)

# Complaints and suggestions that one address may send; 0 sets no limit.
# A form that comes back sooner than a person writes is not taken.
VOICE_ENTRIES_PER_HOUR = env.int("VOICE_ENTRIES_PER_HOUR", default=20)
VOICE_ENTRIES_PER_DAY = env.int("VOICE_ENTRIES_PER_DAY", default=60)
# Answers that one address may send to one open questionnaire:
# many customers share the network of a shop. 0 sets no limit.
OPEN_ANSWERS_PER_HOUR = env.int("OPEN_ANSWERS_PER_HOUR", default=60)
OPEN_ANSWERS_PER_DAY = env.int("OPEN_ANSWERS_PER_DAY", default=300)
PUBLIC_FORM_LEAST_SECONDS = env.int("PUBLIC_FORM_LEAST_SECONDS", default=3)

LANGUAGE_CODE = env("DEFAULT_LANGUAGE", default="zh-hans")
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "feedback_site" / "locale"]
TIME_ZONE = env("TIME_ZONE", default="Asia/Shanghai")
USE_TZ = True
FORMAT_MODULE_PATH = "config.formats"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "feedback_site" / "static"]

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG["EMAIL_HOST"]
EMAIL_PORT = EMAIL_CONFIG["EMAIL_PORT"]
EMAIL_HOST_USER = EMAIL_CONFIG["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = EMAIL_CONFIG["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Customer care <care@feedback-site.example>")

# Phone numbers that belong to no person and that are taken for good ones, by their
# first digits: for a demo and for tests, never in production.
TRIAL_PHONE_PREFIXES = env.list("TRIAL_PHONE_PREFIXES", default=[])

# The SMS gateway speaks signed JSON over HTTP; without an address SMS cannot be sent and says so.
SMS_GATEWAY_URL = env("SMS_GATEWAY_URL", default="")
# Who writes, such as 【示例电器】, where the gateway does not put it in front
# itself; and words that tell how to stop texts, such as 拒收请回复R, only where
# the gateway takes such replies and hands them to the do-not-contact list.
SMS_SENDER, SMS_OPT_OUT = env("SMS_SENDER", default=""), env("SMS_OPT_OUT", default="")
SMS_GATEWAY_SECRET = env("SMS_GATEWAY_SECRET", default=f"{INSECURE_PREFIX}sms-gateway-secret")

# Measured values, see docs/decisions/celery-settings.md.
CELERY_BROKER_URL = env("CELERY_BROKER_URL", default=embedded_urls.celery_broker_url(REDIS_URL))
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 90
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1800,
    "unacked_restore_throttle": 3,
    "health_check_interval": 25,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "retry_on_timeout": False,
    "max_retries": 0,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False

# Requests of one API key within a minute; 0 sets no limit.
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", default=6000)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["feedback_site.accounts.api.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["feedback_site.accounts.api.permissions.HasGrant"],
    "DEFAULT_THROTTLE_CLASSES": ["feedback_site.accounts.api.throttling.ApiKeyThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "feedback_site.common.pagination.KeysetPagination",
    "EXCEPTION_HANDLER": "feedback_site.common.api_errors.exception_handler",
    "PAGE_SIZE": 100,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Feedback Site",
    "DESCRIPTION": "Service events in; invitations, responses and indicators out.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "feedback_site.common.api_schema.document_errors",
    ],
    # Fields of one name with different values, told apart by name and not by a hash of the values.
    "ENUM_NAME_OVERRIDES": {
        "ResponseModeEnum": "surveys.enums.ResponseMode",
        "ElsewhereModeEnum": "surveys.enums.ELSEWHERE_MODES",
        "MessageStatusEnum": "feedback_site.delivery.enums.MessageStatus",
        "EventStatusEnum": "feedback_site.service_events.enums.EventStatus",
        "VisitStatusEnum": "visits.enums.VisitStatus",
        "CampaignStatusEnum": "nps.enums.CampaignStatus",
        "RecordStatusEnum": "feedback_site.evaluations.enums.RecordStatus",
        "ExportStatusEnum": "feedback_site.dashboards.enums.ExportStatus",
        "TransitionTypeEnum": "feedback_site.service_events.enums.TransitionType",
        "WebhookTypeEnum": "feedback_site.service_events.api.webhooks.TYPES",
    },
}

IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
FILE_UPLOAD_HANDLERS = [
    "feedback_site.common.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# Files with what one reader may see: outside every folder that a server serves.
EXPORT_DIR = Path(env("EXPORT_DIR", default=str(DATA_DIR / "exports")))
# Where count and head of the access log are written each hour; best where a person who can change the
# database cannot write. Empty: only to the logs.
ACCESS_LOG_ANCHOR_DIR = env("ACCESS_LOG_ANCHOR_DIR", default=str(DATA_DIR / "anchors"))
# Public keys (age1...) that `manage.py backup` encrypts for.
BACKUP_KEYS = env.list("BACKUP_KEYS", default=[])
LOGGING = logging_configuration(level=env("LOG_LEVEL", default="INFO"))
LOGGING_CONFIG = "config.settings.logs.configure"

# Staff never see customers' live links, or they could answer as the customer; the demo, whose customers are
# made up, shows them.
SHOW_LIVE_LINKS = env.bool("SHOW_LIVE_LINKS", default=False)

# Reads `/metrics` from anywhere; without it only callers of this machine and of private networks can.
METRICS_TOKEN = env("METRICS_TOKEN", default="")

# Production refuses a PostgreSQL that acknowledges before it has written.
REQUIRE_DURABLE_DATABASE = False
