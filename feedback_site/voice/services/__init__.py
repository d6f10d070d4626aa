from feedback_site.voice.services.desk import NoTeamTakesInError, desk_team, set_desk
from feedback_site.voice.services.following import follow_events
from feedback_site.voice.services.handling import (
    accept_entry,
    close_entry,
    decide_suggestion,
    hand_over_entry,
    mark_complex,
    note_entry,
    reply_to_entry,
    review_suggestion,
)
from feedback_site.voice.services.publishing import (
    choose_monthly_suggestion,
    publish_change,
    withdraw_change,
    write_change,
)
from feedback_site.voice.services.reading import EntryDraft, ReadEntry, read_entry
from feedback_site.voice.services.receiving import Received, find_received, receive_entry, submission_key

__all__ = [
    "EntryDraft",
    "NoTeamTakesInError",
    "ReadEntry",
    "Received",
    "accept_entry",
    "choose_monthly_suggestion",
    "close_entry",
    "decide_suggestion",
    "desk_team",
    "find_received",
    "follow_events",
    "hand_over_entry",
    "mark_complex",
    "note_entry",
    "publish_change",
    "read_entry",
    "receive_entry",
    "reply_to_entry",
    "review_suggestion",
    "set_desk",
    "submission_key",
    "withdraw_change",
    "write_change",
]
