"""Pictures that other people made: recognised by what they hold,
and drawn again without anything that stood beside the picture.
"""

from feedback_site.common.photos.photos import PhotoRefusedError, clean_photo, kind_of_content

__all__ = ["PhotoRefusedError", "clean_photo", "kind_of_content"]
