"""Tables without a domain."""

from django.db import models


class RateCount(models.Model):
    """How often one caller used one form within one window.

    The key is a keyed hash of all three, so no address is on record.
    """

    key = models.BinaryField(max_length=32, primary_key=True, editable=False)
    ends_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at:%Y-%m-%d %H:%M}"
