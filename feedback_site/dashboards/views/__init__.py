from feedback_site.dashboards.views.figures import representativeness_page, response_rates_page
from feedback_site.dashboards.views.front import front_page, start
from feedback_site.dashboards.views.home import home_context
from feedback_site.dashboards.views.search import search

__all__ = ["front_page", "home_context", "representativeness_page", "response_rates_page", "search", "start"]
