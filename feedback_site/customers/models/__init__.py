from feedback_site.customers.models.consent import Consent
from feedback_site.customers.models.customer import Customer, CustomerTeam
from feedback_site.customers.models.refusal import ContactRefusal
from feedback_site.customers.models.sealed_file import SealedFile
from feedback_site.customers.models.sealed_text import SealedText
from feedback_site.customers.models.segment import Segment

__all__ = ["Consent", "ContactRefusal", "Customer", "CustomerTeam", "SealedFile", "SealedText", "Segment"]
