from django.test import Client


def test_health_names_each_part(db):
    response = Client().get("/health/")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": True, "redis": True}


def test_without_redis_the_site_is_degraded_but_alive(db, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:9"}}

    response = Client().get("/health/")

    assert response.status_code == 200
    assert response.json() == {"status": "degraded", "database": True, "redis": False}
