from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImprovementsConfig(AppConfig):
    name = "feedback_site.improvements"
    verbose_name = _("Improvement")

    def ready(self) -> None:
        """Name whose words are sealed here."""
        from feedback_site.customers.services.old_words import register_old_words  # noqa: PLC0415 - models are ready only now
        from feedback_site.customers.services.word_subjects import register_words  # noqa: PLC0415
        from feedback_site.improvements.services.words import (  # noqa: PLC0415
            ACTION_WORDS,
            OLD_ACTIONS,
            OLD_HISTORY,
            OLD_PROBLEMS,
            PROBLEM_WORDS,
            find_action,
            find_problem,
        )

        register_words(PROBLEM_WORDS, find_problem)
        register_words(ACTION_WORDS, find_action)
        register_old_words(PROBLEM_WORDS, OLD_PROBLEMS.walk, OLD_PROBLEMS.look)
        register_old_words(ACTION_WORDS, OLD_ACTIONS.walk, OLD_ACTIONS.look)
        for history in OLD_HISTORY:
            register_old_words(history.kind, history.walk, history.look)
