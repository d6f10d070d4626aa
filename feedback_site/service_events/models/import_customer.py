"""Customers that a file has named so far, while it is read."""

from django.db import models

from feedback_site.service_events.models.event_import import EventImport


class EventImportCustomer(models.Model):
    """Which contacts the rows before gave a customer number: keyed hashes only, gone when the import is over.

    A number that a spreadsheet rounded names several people; a row
    that gives it another contact is listed instead of joining them.
    """

    event_import = models.ForeignKey(EventImport, on_delete=models.CASCADE, related_name="customers")
    number_hash = models.BinaryField(max_length=32)
    case_hash = models.BinaryField(max_length=32)
    name_hash = models.BinaryField(max_length=32, null=True)
    phone_hash = models.BinaryField(max_length=32, null=True)
    email_hash = models.BinaryField(max_length=32, null=True)
    line = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event_import", "number_hash"], name="%(class)s_is_known_once_per_file"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_import_id} {self.line}"
