from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.rules import register_access_actions
from feedback_site.service_events.enums import ServiceEventAccess


class ServiceEventsConfig(AppConfig):
    name = "feedback_site.service_events"
    verbose_name = _("Service")

    def ready(self) -> None:
        """Tell imports how the API parses rows, and name what is sealed here.

        The API stands above imports, which therefore cannot import it.
        """
        from feedback_site.common.sealing import register_sealed_column  # noqa: PLC0415 - models are ready only now
        from feedback_site.customers.services.old_words import register_old_words  # noqa: PLC0415
        from feedback_site.customers.services.word_subjects import register_words  # noqa: PLC0415
        from feedback_site.service_events.api.event_files.parsing import heading_test, make_parser  # noqa: PLC0415
        from feedback_site.service_events.models import (  # noqa: PLC0415
            EventContact,
            EventImportPart,
            ServiceEvent,
            WebhookSecret,
        )
        from feedback_site.service_events.services.content_seals import COLUMN, stored_before_seals  # noqa: PLC0415
        from feedback_site.service_events.services.importing import register_row_parser  # noqa: PLC0415
        from feedback_site.service_events.services.old_words import (  # noqa: PLC0415
            events_in_clear,
            mask_events,
            mask_transitions,
            transitions_in_clear,
        )
        from feedback_site.service_events.services.word_places import find_event_words, find_transition_words  # noqa: PLC0415
        from feedback_site.service_events.services.words import EVENT_WORDS, TRANSITION_WORDS  # noqa: PLC0415

        register_access_actions(ServiceEventAccess)
        register_words(EVENT_WORDS, find_event_words)
        register_words(TRANSITION_WORDS, find_transition_words)
        register_old_words(EVENT_WORDS, mask_events, events_in_clear)
        register_old_words(TRANSITION_WORDS, mask_transitions, transitions_in_clear)
        register_row_parser(make_parser, heading_test)
        register_sealed_column(WebhookSecret, "secret_sealed")
        register_sealed_column(EventContact, "phone_sealed", index="phone_index")
        register_sealed_column(EventContact, "email_sealed", index="email_index")
        register_sealed_column(ServiceEvent, COLUMN, column=COLUMN, before_seals=stored_before_seals)
        register_sealed_column(EventImportPart, "content_sealed")
