import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from feedback_site.accounts.services.signed_in import staff_of

SEEING, DRAWING = "surveys.view_survey", "nps.draw_campaign"


def request_of(user):
    request = RequestFactory().get("/")
    request.user = user
    return request


def test_a_page_learns_which_colleague_asks(staff):
    assert staff_of(request_of(staff.ada)) == staff.ada
    assert staff_of(request_of(staff.ada), SEEING) == staff.ada


@pytest.mark.parametrize("permissions", [(DRAWING,), (SEEING, DRAWING)])
def test_a_colleague_who_lacks_a_permission_is_refused(staff, permissions):
    with pytest.raises(PermissionDenied):
        staff_of(request_of(staff.ada), *permissions)


def test_a_visitor_who_is_not_signed_in_is_refused():
    with pytest.raises(PermissionDenied):
        staff_of(request_of(AnonymousUser()))
