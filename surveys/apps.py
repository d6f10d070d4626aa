from functools import partial

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.rules import register_access_actions
from surveys.enums import SurveyAccess


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        """Tell delivery how a message about an invitation is built, and name what is sealed here.

        Delivery knows no app above it.
        """
        from feedback_site.common.sealing import register_sealed_column  # noqa: PLC0415 - models are ready only now
        from feedback_site.customers.services.old_words import register_old_words  # noqa: PLC0415
        from feedback_site.customers.services.word_subjects import register_words  # noqa: PLC0415
        from feedback_site.delivery.services import register_builder  # noqa: PLC0415
        from feedback_site.questionnaires.services.retiring import (  # noqa: PLC0415
            register_users,
        )
        from surveys.models import Invitation  # noqa: PLC0415
        from surveys.pages.letters import write_invitation  # noqa: PLC0415
        from surveys.selectors.questionnaires import active_surveys  # noqa: PLC0415
        from surveys.services.invitations.messages import (  # noqa: PLC0415
            MESSAGE_SUBJECT,
            build_messages,
            look_once_more,
        )
        from surveys.services.responses.old_words import (  # noqa: PLC0415
            drafts_in_clear,
            mask_drafts,
            mask_open_responses,
            mask_responses,
            open_responses_in_clear,
            responses_in_clear,
        )
        from surveys.services.responses.word_places import (  # noqa: PLC0415
            find_open_response,
            find_response,
        )
        from surveys.services.responses.words import (  # noqa: PLC0415
            DRAFT_WORDS,
            OPEN_WORDS,
            RESPONSE_WORDS,
        )

        register_access_actions(SurveyAccess)
        register_sealed_column(Invitation, "contact_sealed", index="contact_index")
        register_old_words(RESPONSE_WORDS, mask_responses, responses_in_clear)
        register_old_words(OPEN_WORDS, mask_open_responses, open_responses_in_clear)
        register_old_words(DRAFT_WORDS, mask_drafts, drafts_in_clear)
        register_words(RESPONSE_WORDS, find_response)
        register_words(OPEN_WORDS, find_open_response)
        register_users(active_surveys)
        build = partial(build_messages, write=write_invitation)
        register_builder(MESSAGE_SUBJECT, build, last_look=look_once_more)
