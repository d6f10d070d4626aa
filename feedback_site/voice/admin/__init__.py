from feedback_site.voice.admin.change import PublishedChangeAdmin
from feedback_site.voice.admin.desk import VoiceDeskAdmin
from feedback_site.voice.admin.entry import VoiceEntryAdmin
from feedback_site.voice.admin.monthly import MonthlySuggestionAdmin

__all__ = ["MonthlySuggestionAdmin", "PublishedChangeAdmin", "VoiceDeskAdmin", "VoiceEntryAdmin"]
