"""Pictures that other people made: recognised by what they hold, and drawn again.

What was stored beside the picture is left out.
"""

from feedback_site.common.photos.photos import PhotoRefusedError, clean_photo, kind_of_content

__all__ = ["PhotoRefusedError", "clean_photo", "kind_of_content"]
