"""Which function answers which quantity of the oracle files."""

from tests.feedback_site.statistics.quantities import groups, samples, scores
from tests.feedback_site.statistics.quantities.values import Adapter

QUANTITIES: dict[str, Adapter] = {**scores.QUANTITIES, **samples.QUANTITIES, **groups.QUANTITIES}
