"""The scheme that every installation starts with."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db import transaction

from feedback_site.evaluations.models import EvaluationScheme
from feedback_site.evaluations.rules.after_sales import (
    CUSTOMER_INDICATORS,
    DIMENSIONS,
    INDICATORS,
    SCHEME,
    UNWEIGHTED_INDICATORS,
)

_APP = "evaluations"
Row = Mapping[str, Any]


def load_after_sales_scheme() -> EvaluationScheme:
    """Create what is missing of the after-sales scheme and of the indicators outside it.

    What staff have changed stays as it is.
    """
    seed_scheme(
        get_model=apps.get_model,
        scheme=SCHEME,
        dimensions=DIMENSIONS,
        indicators=[*INDICATORS, *UNWEIGHTED_INDICATORS, *CUSTOMER_INDICATORS],
    )
    return EvaluationScheme.objects.get(slug=SCHEME["slug"])


@transaction.atomic
def seed_scheme(
    *,
    get_model: Callable[[str, str], Any],
    scheme: Row,
    dimensions: Iterable[Row],
    indicators: Iterable[Row],
) -> None:
    """Create the dimensions, indicators and the scheme that are missing; what is on record stays as it is.

    An indicator that states a `weight` gets it in the scheme, in the order of the list, if the scheme is new.
    All is handed over, the models too: a migration has those of its own time.
    """
    dimension, indicator, item = (get_model(_APP, name) for name in ("Dimension", "Indicator", "SchemeItem"))
    dimension_of = {
        row["slug"]: dimension.objects.get_or_create(slug=row["slug"], defaults=row)[0] for row in dimensions
    }
    seeded, is_new = get_model(_APP, "EvaluationScheme").objects.get_or_create(
        slug=scheme["slug"], defaults=scheme
    )
    for position, row in enumerate(indicators, start=1):
        values = {name: value for name, value in row.items() if name != "weight"}
        values["dimension"] = dimension_of[row["dimension"]]
        one, _is_new = indicator.objects.get_or_create(slug=row["slug"], defaults=values)
        if is_new and "weight" in row:
            item.objects.get_or_create(
                scheme=seeded, indicator=one, defaults={"weight": row["weight"], "position": position}
            )
