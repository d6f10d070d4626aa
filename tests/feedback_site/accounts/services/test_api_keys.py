from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.models import ApiKey
from feedback_site.accounts.services import authenticate_api_key, create_api_key, revoke_api_key


def test_only_a_hash_of_the_secret_is_stored(db):
    key, clear = create_api_key(name="crm", grants=[Grant.EVENTS_WRITE])

    secret = clear.partition(".")[2]
    assert secret.encode() not in bytes(key.secret_hash)
    assert secret not in str(ApiKey.objects.values().get(pk=key.pk))


def test_the_clear_form_authenticates_and_a_wrong_secret_does_not(db, noon):
    key, clear = create_api_key(name="crm", grants=[Grant.EVENTS_WRITE])

    assert authenticate_api_key(credentials=clear, at=noon) == key
    assert authenticate_api_key(credentials=f"{key.prefix}.wrong", at=noon) is None
    assert authenticate_api_key(credentials="nonsense", at=noon) is None


def test_a_revoked_or_expired_key_is_refused(db, noon):
    revoked, revoked_clear = create_api_key(name="old", grants=[Grant.EVENTS_WRITE])
    _expiring, expiring_clear = create_api_key(name="brief", grants=[Grant.EVENTS_WRITE], expires_at=noon)

    first = revoke_api_key(key=revoked, at=noon)
    again = revoke_api_key(key=revoked, at=noon + timedelta(days=1))

    assert authenticate_api_key(credentials=revoked_clear, at=noon) is None
    assert authenticate_api_key(credentials=expiring_clear, at=noon) is None
    assert first.revoked_at == again.revoked_at == noon


def test_an_unknown_grant_is_refused_before_anything_is_stored(db):
    with pytest.raises((ValidationError, AttributeError)):
        create_api_key(name="crm", grants=["everything"])
    assert ApiKey.objects.count() == 0


def test_without_a_key_the_api_answers_401_and_without_the_grant_403(organisation):
    _key, clear = create_api_key(name="reader", grants=[Grant.METRICS_READ])
    client = Client()

    anonymous = client.get("/api/v1/service-events/")
    wrong = client.get("/api/v1/service-events/", headers={"Authorization": "Api-Key a.b"})
    without_grant = client.get("/api/v1/service-events/", headers={"Authorization": f"Api-Key {clear}"})

    assert [anonymous.status_code, wrong.status_code, without_grant.status_code] == [401, 401, 403]
    assert set(anonymous.json()) == set(wrong.json()) == set(without_grant.json()) == {"message", "extra"}
