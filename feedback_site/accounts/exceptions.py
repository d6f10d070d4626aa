"""What a sign-in can be refused for."""

from feedback_site.common.exceptions import DomainError


class TooManyCodesError(DomainError):
    """Wrong codes came too fast: the next is looked at a while later."""

    status_code = 429
