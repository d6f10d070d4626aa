from feedback_site.delivery.models.attempt import MessageAttempt
from feedback_site.delivery.models.message import Message
from feedback_site.delivery.models.suppression import Suppression

__all__ = ["Message", "MessageAttempt", "Suppression"]
