from django.test import Client


def test_staff_pages_allow_what_their_scripts_need_and_everything_else_is_strict(db):
    staff_page = Client().get("/admin/login/")
    health = Client().get("/health/")

    assert "'unsafe-eval'" in staff_page.headers["Content-Security-Policy"]
    assert "'unsafe-eval'" not in health.headers["Content-Security-Policy"]
    assert "default-src 'none'" in health.headers["Content-Security-Policy"]
