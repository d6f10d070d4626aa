from feedback_site.common.exceptions import DomainError


class GoneError(DomainError):
    """What was asked for existed, and was taken away when its time was over."""

    status_code = 410
