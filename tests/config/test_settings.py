import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMPLETE = {
    "SECRET_KEY": "k" * 60 + "0123456789abcdef",
    "TOKEN_KEYS": "t" * 40,
    "FIELD_ENCRYPTION_KEYS": "f" * 40,
    "BLIND_INDEX_KEYS": "b" * 40,
    "ACCESS_LOG_KEYS": "a" * 40,
    "DATABASE_URL": os.environ.get("DATABASE_URL", ""),
    "REDIS_URL": os.environ.get("REDIS_URL", ""),
    "PUBLIC_BASE_URL": "https://feedback.example",
    "ALLOWED_HOSTS": "feedback.example",
    "EMAIL_URL": "smtp://mail.example:25",
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


def test_production_refuses_short_keys():
    outcome = _check(**{**COMPLETE, "TOKEN_KEYS": "short"})

    assert outcome.returncode != 0
    assert "TOKEN_KEYS" in outcome.stderr
    assert "BLIND_INDEX_KEYS" not in outcome.stderr


def test_production_refuses_numbers_of_nobody():
    outcome = _check(**COMPLETE, TRIAL_PHONE_PREFIXES="+8612")

    assert outcome.returncode != 0
    assert "TRIAL_PHONE_PREFIXES" in outcome.stderr


def test_production_passes_the_deployment_check_with_secrets_of_its_own():
    outcome = _check(**COMPLETE)

    assert outcome.returncode == 0, outcome.stderr


def test_secrets_may_come_from_files(tmp_path):
    file = tmp_path / "token_keys"
    file.write_text("t" * 40)
    environment = {key: value for key, value in COMPLETE.items() if key != "TOKEN_KEYS"}

    outcome = _check(**environment, TOKEN_KEYS_FILE=str(file))

    assert outcome.returncode == 0, outcome.stderr


def test_the_address_of_the_staff_pages_is_tidied_and_production_asks_for_a_second_factor():
    code = "from django.conf import settings; print(settings.ADMIN_PATH, settings.SECOND_FACTOR_ROLES, settings.SESSION_COOKIE_SECURE)"
    environment = {**os.environ, **COMPLETE, "DJANGO_SETTINGS_MODULE": "config.settings.production", "ADMIN_PATH": "/desk/staff"}

    outcome = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)

    assert outcome.stdout == "desk/staff/ ['administrator', 'quality_management'] True\n"
