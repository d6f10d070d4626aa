"""The scheme that every installation starts with."""

from django.db import transaction

from feedback_site.evaluations.models import Dimension, EvaluationScheme, Indicator, SchemeItem
from feedback_site.evaluations.rules.after_sales import (
    CUSTOMER_INDICATORS,
    DIMENSIONS,
    INDICATORS,
    SCHEME,
    UNWEIGHTED_INDICATORS,
)


@transaction.atomic
def load_after_sales_scheme() -> EvaluationScheme:
    """Create what is missing of the after-sales scheme and of the
    indicators outside it; what staff have changed stays as it is.
    """
    for row in DIMENSIONS:
        Dimension.objects.get_or_create(slug=row["slug"], defaults=row)
    scheme, is_new = EvaluationScheme.objects.get_or_create(slug=SCHEME["slug"], defaults=SCHEME)
    dimensions = {dimension.slug: dimension for dimension in Dimension.objects.all()}
    for position, row in enumerate(INDICATORS, start=1):
        fields = {name: value for name, value in row.items() if name not in {"weight", "dimension"}}
        indicator, _ = Indicator.objects.get_or_create(
            slug=row["slug"], defaults=fields | {"dimension": dimensions[row["dimension"]]}
        )
        if is_new:
            SchemeItem.objects.get_or_create(
                scheme=scheme, indicator=indicator, defaults={"weight": row["weight"], "position": position}
            )
    for row in (*UNWEIGHTED_INDICATORS, *CUSTOMER_INDICATORS):
        Indicator.objects.get_or_create(
            slug=row["slug"], defaults=row | {"dimension": dimensions[row["dimension"]]}
        )
    return scheme
