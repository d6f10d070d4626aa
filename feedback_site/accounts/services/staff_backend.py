"""Who is signed in."""

from django.contrib.auth.backends import ModelBackend

from feedback_site.accounts.models import User


class StaffBackend(ModelBackend):
    """Django's backend, reading what the second factor needs in the statement of every request."""

    def get_user(self, user_id: int) -> User | None:
        """Return the active member of staff with `has_second_factor` and `second_factor_rule`."""
        user: User | None = User.objects.with_second_factor().filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
