"""Masks: of the fields that hold a contact, and of personal data that people write into free text."""

from feedback_site.common.masking.fields import is_chinese, mask_email, mask_name, mask_phone
from feedback_site.common.masking.free_text import MASK, mask_words
from feedback_site.common.masking.identifiers import mask_identifier
from feedback_site.common.masking.written import plain

__all__ = [
    "MASK",
    "is_chinese",
    "mask_email",
    "mask_identifier",
    "mask_name",
    "mask_phone",
    "mask_words",
    "plain",
]
