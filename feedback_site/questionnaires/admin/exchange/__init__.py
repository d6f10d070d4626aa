"""Questionnaires that come from files and from the library, and go out as files."""

from feedback_site.questionnaires.admin.exchange.mixin import ExchangesQuestionnaires

__all__ = ["ExchangesQuestionnaires"]
