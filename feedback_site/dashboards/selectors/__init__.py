from feedback_site.dashboards.selectors.filters import FigureChoices, FigureFilter, load_choices
from feedback_site.dashboards.selectors.home import Home, home
from feedback_site.dashboards.selectors.representativeness import Representativeness, representativeness
from feedback_site.dashboards.selectors.response_rates import ResponseFunnel, response_funnel
from feedback_site.dashboards.selectors.satisfaction import Satisfaction, satisfaction_figures
from feedback_site.dashboards.selectors.shown import ShownMean, ShownShare, shown_mean, shown_share

__all__ = [
    "FigureChoices",
    "FigureFilter",
    "Home",
    "Representativeness",
    "ResponseFunnel",
    "Satisfaction",
    "ShownMean",
    "ShownShare",
    "home",
    "load_choices",
    "representativeness",
    "response_funnel",
    "satisfaction_figures",
    "shown_mean",
    "shown_share",
]
