from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    name = "visits"
    verbose_name = _("Return visits")

    def ready(self) -> None:
        """Let lower apps find words of visits, and learn which plans ask by a questionnaire."""
        from feedback_site.customers.services.old_words import register_old_words  # noqa: PLC0415
        from feedback_site.customers.services.word_subjects import register_words  # noqa: PLC0415
        from feedback_site.questionnaires.services.retiring import (  # noqa: PLC0415 - models are ready only now
            register_users,
        )
        from visits.selectors.questionnaires import active_plans  # noqa: PLC0415
        from visits.services.words import (  # noqa: PLC0415
            ATTEMPT_WORDS,
            ESCALATION_WORDS,
            OLD_ATTEMPTS,
            OLD_ESCALATIONS,
            find_attempt,
            find_escalation,
        )

        register_words(ATTEMPT_WORDS, find_attempt)
        register_words(ESCALATION_WORDS, find_escalation)
        register_old_words(ATTEMPT_WORDS, OLD_ATTEMPTS.walk, OLD_ATTEMPTS.look)
        register_old_words(ESCALATION_WORDS, OLD_ESCALATIONS.walk, OLD_ESCALATIONS.look)
        register_users(active_plans)
