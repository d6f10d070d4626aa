"""What production refuses to start with: a sentence for each fault that says what to do."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

LEAST_KEY_LENGTH = 32
# A random key of 32 characters or more has more different
# ones than that; a word repeated, or typed, has fewer.
LEAST_DIFFERENT = 12
_NEEDED = ("DATABASE_URL", "REDIS_URL", "PUBLIC_BASE_URL", "ALLOWED_HOSTS", "EMAIL_URL", "TRUSTED_PROXIES")
_RUN = re.compile(r"(.{1,8}?)\1{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedSettings:
    """What the site's settings say, as far as `faults_of` looks at them."""

    secrets: Mapping[str, Sequence[str]]
    given: Mapping[str, object]
    allowed_hosts: Sequence[str]
    public_base_url: str
    gateway_urls: Mapping[str, str]
    shows_live_links: bool
    trial_phone_prefixes: Sequence[str]
    trusted_proxies: int


def faults_of(stated: StatedSettings) -> list[str]:
    """Return all that is wrong, the same faults in the same order each time."""
    return [
        *_weak(stated.secrets),
        *_equal(stated.secrets),
        *_missing(stated.given),
        *_open(stated),
        *_made_for_trials(stated),
    ]


def _weak(secrets: Mapping[str, Sequence[str]]) -> Iterator[str]:
    names = sorted(name for name, keys in secrets.items() if _are_weak(keys))
    if names:
        yield (
            f"secrets of its own in {', '.join(names)}: at least {LEAST_KEY_LENGTH} random characters each,"
            " for example from: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )


def _are_weak(keys: Sequence[str]) -> bool:
    return not keys or any(is_weak(key) for key in keys)


def is_weak(key: str) -> bool:
    """Whether a key is a placeholder, short, or something that people type."""
    is_placeholder = key.startswith("insecure-") or "change" in key.lower() or "example" in key.lower()
    return (
        is_placeholder
        or len(key) < LEAST_KEY_LENGTH
        or len(set(key)) < LEAST_DIFFERENT
        or _RUN.search(key) is not None
    )


def _equal(secrets: Mapping[str, Sequence[str]]) -> Iterator[str]:
    places: dict[str, list[str]] = {}
    for name, keys in sorted(secrets.items()):
        for key in keys:
            places.setdefault(key.strip(), []).append(name)
    for names in places.values():
        if len(names) > 1:
            yield f"a secret of its own for each: {' and '.join(names)} share one; make another"


def _missing(given: Mapping[str, object]) -> Iterator[str]:
    names = sorted(name for name in _NEEDED if given.keys().isdisjoint({name, f"{name}_FILE"}))
    if names:
        yield f"values for {', '.join(names)} (TRUSTED_PROXIES is the number of proxies in front, 0 for none)"


def _open(stated: StatedSettings) -> Iterator[str]:
    if any(host.strip() in {"*", ".", ""} or host.strip().startswith("*") for host in stated.allowed_hosts):
        yield "the names of this site in ALLOWED_HOSTS, not a placeholder for every name"
    if not stated.public_base_url.startswith("https://"):
        yield "a PUBLIC_BASE_URL that starts with https://"
    if stated.trusted_proxies < 0:
        yield "a TRUSTED_PROXIES of 0 or more"
    for name, url in sorted(stated.gateway_urls.items()):
        if url and not is_safe_address(url):
            yield (
                f"an https:// address in {name}: it carries customers' numbers (http:// only to this machine)"
            )


def is_safe_address(url: str) -> bool:
    """Whether what is sent there is not read on the way: HTTPS, or this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return bool(parts.hostname)
    if parts.scheme != "http" or not parts.hostname:
        return False
    try:
        return ip_address(parts.hostname).is_loopback
    except ValueError:
        return parts.hostname == "localhost"


def _made_for_trials(stated: StatedSettings) -> Iterator[str]:
    if stated.shows_live_links:
        yield (
            "SHOW_LIVE_LINKS off: it shows customers' links to administrators, for the demo's made-up "
            "customers"
        )
    if stated.trial_phone_prefixes:
        yield "an empty TRIAL_PHONE_PREFIXES: it takes numbers that belong to no person for good ones"
