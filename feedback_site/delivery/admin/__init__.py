from feedback_site.delivery.admin.message import MessageAdmin, MessageAttemptAdmin
from feedback_site.delivery.admin.suppression import SuppressionAdmin

__all__ = ["MessageAdmin", "MessageAttemptAdmin", "SuppressionAdmin"]
