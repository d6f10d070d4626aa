"""Numbers by which other systems know a person: some are the person's phone number itself."""

from feedback_site.common.masking.fields import mask_email, mask_phone
from feedback_site.common.masking.free_text import mask_words


def mask_identifier(number: str) -> str:
    """Mask a number that is a phone, identity or card number or an email address; any other stays."""
    if mask_words(number) == number:
        return number
    return mask_email(number) if "@" in number else mask_phone(number)
