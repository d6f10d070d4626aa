from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VoiceConfig(AppConfig):
    name = "feedback_site.voice"
    verbose_name = _("Customer feedback")

    def ready(self) -> None:
        """Name whose words are sealed here."""
        from feedback_site.customers.services.old_words import register_old_words  # noqa: PLC0415 - models are ready only now
        from feedback_site.customers.services.word_subjects import register_words  # noqa: PLC0415
        from feedback_site.voice.services.words import (  # noqa: PLC0415
            ENTRY_WORDS,
            OLD_ENTRIES,
            OLD_STEPS,
            STEP_WORDS,
            find_entry,
            find_step,
        )

        register_words(ENTRY_WORDS, find_entry)
        register_words(STEP_WORDS, find_step)
        register_old_words(ENTRY_WORDS, OLD_ENTRIES.walk, OLD_ENTRIES.look)
        register_old_words(STEP_WORDS, OLD_STEPS.walk, OLD_STEPS.look)
