from feedback_site.evaluations.services.calculating import (
    refresh_open_records,
    refresh_periods,
    refresh_records,
)
from feedback_site.evaluations.services.case_log import measure_case_log
from feedback_site.evaluations.services.measurements import Figure, record_measurement, record_measurements
from feedback_site.evaluations.services.pooling import pool_quarters
from feedback_site.evaluations.services.records import (
    is_review_valid,
    may_publish,
    publish_record,
    review_record,
)
from feedback_site.evaluations.services.restating import Measured, Restated, restate_measurements
from feedback_site.evaluations.services.schemes import load_after_sales_scheme, seed_scheme
from feedback_site.evaluations.services.stating import Stated, Statement, Teller, state_measurements

__all__ = [
    "Figure",
    "Measured",
    "Restated",
    "Stated",
    "Statement",
    "Teller",
    "is_review_valid",
    "load_after_sales_scheme",
    "may_publish",
    "measure_case_log",
    "pool_quarters",
    "publish_record",
    "record_measurement",
    "record_measurements",
    "refresh_open_records",
    "refresh_periods",
    "refresh_records",
    "restate_measurements",
    "review_record",
    "seed_scheme",
    "state_measurements",
]
