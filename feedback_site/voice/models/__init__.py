from feedback_site.voice.models.change import PublishedChange
from feedback_site.voice.models.desk import VoiceDesk
from feedback_site.voice.models.entry import VoiceEntry, running_clock
from feedback_site.voice.models.monthly import MonthlySuggestion
from feedback_site.voice.models.step import VoiceStep

__all__ = ["MonthlySuggestion", "PublishedChange", "VoiceDesk", "VoiceEntry", "VoiceStep", "running_clock"]
