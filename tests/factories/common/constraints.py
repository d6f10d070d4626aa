"""What tests of the database's rules need: rows that break one, and the error that names it."""

import pytest
from django.db import IntegrityError, models, transaction


def breaks(name):
    return pytest.raises(IntegrityError, match=name)


def update(model, **changes):
    with transaction.atomic():
        model.objects.update(**changes)


def copy(row, **changes):
    row.pk = None
    row._state.adding = True
    for name, value in changes.items():
        setattr(row, name, value)
    with transaction.atomic():
        row.save(force_insert=True)


def named_constraints(*tables):
    """Return the names of what the database holds of these models."""
    return {
        constraint.name
        for table in tables
        for constraint in table._meta.constraints
        if isinstance(constraint, models.CheckConstraint | models.UniqueConstraint)
    }
