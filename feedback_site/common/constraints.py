"""Database constraints that many models share."""

from django.db.models import CheckConstraint, F, Q, TextChoices


def one_of(field: str, choices: type[TextChoices], *, name: str) -> CheckConstraint:
    """State that `field` holds one of `choices`; `name` is the sentence after the model's name."""
    return CheckConstraint(condition=Q(**{f"{field}__in": choices.values}), name=f"%(class)s_{name}")


def in_order(earlier: str, later: str, *, name: str) -> CheckConstraint:
    """State that `later` is not before `earlier` where both are known."""
    condition = (
        Q(**{f"{earlier}__isnull": True})
        | Q(**{f"{later}__isnull": True})
        | Q(**{f"{later}__gte": F(earlier)})
    )
    return CheckConstraint(condition=condition, name=f"%(class)s_{name}")


def within(field: str, least: int, most: int, *, name: str) -> CheckConstraint:
    """State that `field`, where it is known, is a number from `least` to `most`."""
    condition = Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": least, f"{field}__lte": most})
    return CheckConstraint(condition=condition, name=f"%(class)s_{name}")
