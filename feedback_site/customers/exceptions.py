"""What a look at a contact can be refused for."""

from feedback_site.common.exceptions import DomainError


class RevealLimitError(DomainError):
    """One person, or one system, has looked at as many contacts as the site allows."""

    status_code = 429
