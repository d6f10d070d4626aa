"""Which function answers which quantity of the oracle files."""

from tests.factories.statistics.quantities import groups, samples, scores
from tests.factories.statistics.quantities.values import Adapter

QUANTITIES: dict[str, Adapter] = {**scores.QUANTITIES, **samples.QUANTITIES, **groups.QUANTITIES}
