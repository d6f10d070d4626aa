"""What a sign-in, a search or a change of an account can be refused for."""

from feedback_site.common.exceptions import DomainError


class TooManyCodesError(DomainError):
    """Wrong codes came too fast: the next is looked at a while later."""

    status_code = 429


class SearchLimitError(DomainError):
    """One person has searched for as many contacts as their role may."""

    status_code = 429


class TooManyPhonesError(DomainError):
    """One person has stated as many phones of their own as they may in a day."""

    status_code = 429


class NotYoursToChangeError(DomainError):
    """An account that this member of staff may not change: a superuser's, or in part their own."""

    status_code = 403
