import json
import os
import secrets
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from config.settings.refusals import StatedSettings, faults_of

ROOT = Path(__file__).resolve().parents[3]
SECRETS = ("SECRET_KEY", "TOKEN_KEYS", "FIELD_ENCRYPTION_KEYS", "BLIND_INDEX_KEYS", "ACCESS_LOG_KEYS")
COMPLETE = {
    **{name: secrets.token_urlsafe(48) for name in SECRETS},
    "DATABASE_URL": os.environ.get("DATABASE_URL", ""),
    "REDIS_URL": os.environ.get("REDIS_URL", ""),
    "PUBLIC_BASE_URL": "https://feedback.example",
    "ALLOWED_HOSTS": "feedback.example",
    "EMAIL_URL": "smtp://mail.example:25",
    "TRUSTED_PROXIES": "1",
}


def _check(**environment: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if key not in COMPLETE}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={**clean, "DJANGO_SETTINGS_MODULE": "config.settings.production", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_refuses_to_start_on_defaults():
    outcome = _check()

    assert outcome.returncode != 0
    assert "SECRET_KEY" in outcome.stderr
    assert "TOKEN_KEYS" in outcome.stderr
    assert "DATABASE_URL" in outcome.stderr


def test_production_says_all_that_is_wrong_at_once_and_names_nothing_that_is_right():
    wrong = {
        "TOKEN_KEYS": "short",
        "TRIAL_PHONE_PREFIXES": "+8612",
        "SHOW_LIVE_LINKS": "1",
        "ALLOWED_HOSTS": "*",
    }
    outcome = _check(
        **{
            **COMPLETE,
            **wrong,
            "SMS_GATEWAY_URL": "http://sms.example/send",
            "SMS_GATEWAY_SECRET": COMPLETE["SECRET_KEY"],
        }
    )

    assert outcome.returncode != 0
    for name in (*wrong, "SMS_GATEWAY_URL", "SECRET_KEY and SMS_GATEWAY_SECRET share one"):
        assert name in outcome.stderr
    assert "BLIND_INDEX_KEYS" not in outcome.stderr


GOOD = "Jx3vQ9mZr7KpT2wYb8NcL5hFd4GsA6eU"
RIGHT = StatedSettings(
    secrets={"SECRET_KEY": [GOOD], "TOKEN_KEYS": [GOOD[::-1]]},
    given=dict.fromkeys(COMPLETE, ""),
    allowed_hosts=["feedback.example"],
    public_base_url="https://feedback.example",
    gateway_urls={"SMS_GATEWAY_URL": ""},
    shows_live_links=False,
    trial_phone_prefixes=[],
    trusted_proxies=0,
)


def test_what_is_right_has_no_fault():
    assert faults_of(RIGHT) == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"secrets": {"SECRET_KEY": ["insecure-" + GOOD]}}, "SECRET_KEY"),
        ({"secrets": {"SECRET_KEY": [GOOD[:31]]}}, "SECRET_KEY"),
        ({"secrets": {"SECRET_KEY": ["k" * 60]}}, "SECRET_KEY"),
        ({"secrets": {"SECRET_KEY": ["password1234" * 4]}}, "SECRET_KEY"),
        ({"secrets": {"SECRET_KEY": ["change-me-" + GOOD]}}, "SECRET_KEY"),
        ({"secrets": {"TOKEN_KEYS": [GOOD, "old"]}}, "TOKEN_KEYS"),
        ({"secrets": {"TOKEN_KEYS": []}}, "TOKEN_KEYS"),
        (
            {"secrets": {"SECRET_KEY": [GOOD], "METRICS_TOKEN": [GOOD]}},
            "METRICS_TOKEN and SECRET_KEY share one",
        ),
        ({"secrets": {"TOKEN_KEYS": [GOOD, GOOD]}}, "TOKEN_KEYS and TOKEN_KEYS share one"),
        (
            {"secrets": {"TOKEN_KEYS": [GOOD[::-1], GOOD], "ACCESS_LOG_KEYS": [GOOD[1:] + "7", f" {GOOD} "]}},
            "ACCESS_LOG_KEYS and TOKEN_KEYS share one",
        ),
        (
            {"given": {name: "" for name in COMPLETE if name != "TRUSTED_PROXIES"}},
            "values for TRUSTED_PROXIES",
        ),
        ({"allowed_hosts": ["*"]}, "ALLOWED_HOSTS"),
        ({"allowed_hosts": ["feedback.example", " * "]}, "ALLOWED_HOSTS"),
        ({"allowed_hosts": ["*.example"]}, "ALLOWED_HOSTS"),
        ({"allowed_hosts": ["feedback.example", " *.example"]}, "ALLOWED_HOSTS"),
        ({"allowed_hosts": ["feedback.example", ""]}, "ALLOWED_HOSTS"),
        ({"public_base_url": "http://feedback.example"}, "PUBLIC_BASE_URL"),
        ({"gateway_urls": {"SMS_GATEWAY_URL": "http://10.0.0.5/sms"}}, "https:// address in SMS_GATEWAY_URL"),
        ({"gateway_urls": {"SMS_GATEWAY_URL": "HTTP://sms.example"}}, "https:// address in SMS_GATEWAY_URL"),
        (
            {"gateway_urls": {"SMS_GATEWAY_URL": "http://localhost.evil.example/"}},
            "https:// address in SMS_GATEWAY_URL",
        ),
        ({"gateway_urls": {"SMS_GATEWAY_URL": "ftp://127.0.0.1"}}, "https:// address in SMS_GATEWAY_URL"),
        ({"shows_live_links": True}, "SHOW_LIVE_LINKS off"),
        ({"trial_phone_prefixes": ["+8612"]}, "TRIAL_PHONE_PREFIXES"),
        ({"trusted_proxies": -1}, "TRUSTED_PROXIES"),
    ],
)
def test_each_fault_is_refused_alone_and_says_what_to_do(changes, says):
    (fault,) = faults_of(replace(RIGHT, **changes))

    assert says in fault


@pytest.mark.parametrize(
    "url", ["https://sms.example/send", "http://127.0.0.1:9/", "http://[::1]/", "http://localhost:8025/sms"]
)
def test_a_gateway_by_https_or_on_this_machine_is_good(url):
    assert faults_of(replace(RIGHT, gateway_urls={"SMS_GATEWAY_URL": url})) == []


def test_production_passes_the_deployment_check_with_secrets_of_its_own():
    # `DEBUG` is nothing that the environment can turn on: the check would complain.
    outcome = _check(**COMPLETE, DEBUG="1")

    assert outcome.returncode == 0, outcome.stderr


def test_secrets_may_come_from_files(tmp_path):
    file = tmp_path / "token_keys"
    file.write_text(secrets.token_urlsafe(48))
    environment = {key: value for key, value in COMPLETE.items() if key != "TOKEN_KEYS"}

    outcome = _check(**environment, TOKEN_KEYS_FILE=str(file))

    assert outcome.returncode == 0, outcome.stderr


def test_production_tidies_the_staff_address_and_asks_for_second_factors_safe_cookies_and_short_sessions():
    names = (
        *(
            "ADMIN_PATH",
            "SECOND_FACTOR_ROLES",
            "SESSION_COOKIE_NAME",
            "CSRF_COOKIE_NAME",
            "STAFF_DEVICE_COOKIE_NAME",
        ),
        *("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_PATH", "CSRF_COOKIE_PATH"),
        *("SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN", "STAFF_IDLE_SECONDS", "STAFF_SESSION_SECONDS"),
    )
    code = (
        "import json; from django.conf import settings; print(json.dumps([getattr(settings, name) for name "
        f"in {names}]))"
    )
    environment = {
        **os.environ,
        **COMPLETE,
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "ADMIN_PATH": "/desk/staff",
    }

    outcome = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )

    assert json.loads(outcome.stdout) == [
        *(
            "desk/staff/",
            ["administrator", "quality_management"],
            "__Host-sessionid",
            "__Host-csrftoken",
            "__Host-staffdevice",
        ),
        *(True, True, "/", "/", None, None, 30 * 60, 12 * 60 * 60),
    ]
