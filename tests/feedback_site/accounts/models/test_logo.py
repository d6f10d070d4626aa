import pytest
from django.db import IntegrityError, transaction

from feedback_site.accounts.models import CompanyLogo

KEPT = {"digest": "a", "content": b"x" * 200_000, "kind": "png"}


@pytest.mark.parametrize(
    ("fields", "rule"),
    [({"content": b"x" * 200_001}, "is_small"), ({"kind": "svg"}, "is_a_known_kind_of_picture")],
)
def test_a_logo_is_a_small_picture_of_a_known_kind(db, noon, fields, rule):
    CompanyLogo.objects.create(**KEPT, uploaded_at=noon)

    with pytest.raises(IntegrityError, match=f"companylogo_{rule}"), transaction.atomic():
        CompanyLogo.objects.create(**KEPT | {"digest": "b"} | fields, uploaded_at=noon)
