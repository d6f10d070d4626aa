"""How service systems call the API in these tests."""

import json

from django.test import Client

EVENTS = "/api/v1/service-events/"
NAIVE = "This time has no offset; write it like 2026-01-31T09:30:00+08:00."


def system(key):
    return Client(headers={"authorization": f"Api-Key {key}", "accept-language": "en"})


def post(client, data, path=EVENTS, **headers):
    text = data if isinstance(data, str) else json.dumps(data)
    return client.post(path, text, content_type="application/json", headers=headers)


def wrong_fields(response):
    assert response.status_code == 400, response.content
    return response.json()["extra"]["fields"]
