from feedback_site.customers.admin.consent import ConsentAdmin
from feedback_site.customers.admin.customer import CustomerAdmin
from feedback_site.customers.admin.number_search import CUSTOMER_NUMBER, CustomerNumberSearchMixin
from feedback_site.customers.admin.refusal import ContactRefusalAdmin
from feedback_site.customers.admin.segment import SegmentAdmin

__all__ = [
    "CUSTOMER_NUMBER",
    "ConsentAdmin",
    "ContactRefusalAdmin",
    "CustomerAdmin",
    "CustomerNumberSearchMixin",
    "SegmentAdmin",
]
