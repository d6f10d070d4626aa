"""A checkout on a developer's machine, the demo included."""

import os

from config.settings.base import *  # noqa: F403 - settings modules extend each other
from config.settings.base import DATA_DIR, env
from config.settings.secrets import NAMES, local_secrets

DEBUG = env.bool("DEBUG", default=False)

# Every command in this checkout, while the demo runs or after it, opens what the demo sealed.
_kept = local_secrets(DATA_DIR)
_given = {name for name in NAMES if os.environ.keys() & {name, f"{name}_FILE"}}
if "SECRET_KEY" not in _given:
    SECRET_KEY = _kept["SECRET_KEY"]
if "TOKEN_KEYS" not in _given:
    TOKEN_KEYS = [_kept["TOKEN_KEYS"]]
if "FIELD_ENCRYPTION_KEYS" not in _given:
    FIELD_ENCRYPTION_KEYS = [_kept["FIELD_ENCRYPTION_KEYS"]]
if "BLIND_INDEX_KEYS" not in _given:
    BLIND_INDEX_KEYS = [_kept["BLIND_INDEX_KEYS"]]
if "ACCESS_LOG_KEYS" not in _given:
    ACCESS_LOG_KEYS = [_kept["ACCESS_LOG_KEYS"]]
if "SMS_GATEWAY_SECRET" not in _given:
    SMS_GATEWAY_SECRET = _kept["SMS_GATEWAY_SECRET"]

# No Chinese mobile number begins with 12: the demo's customers
# have such numbers, so that no person is reached by mistake.
TRIAL_PHONE_PREFIXES = env.list("TRIAL_PHONE_PREFIXES", default=["+8612"])
