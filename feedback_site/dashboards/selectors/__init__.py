from feedback_site.dashboards.selectors.home import Home, home
from feedback_site.dashboards.selectors.shown import ShownMean, ShownShare, shown_mean, shown_share

__all__ = ["Home", "ShownMean", "ShownShare", "home", "shown_mean", "shown_share"]
