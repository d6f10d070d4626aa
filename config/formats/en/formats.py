"""English: one way to write a day and one to write a moment, by 24 hours."""

DATE_FORMAT = SHORT_DATE_FORMAT = "N j, Y"
MONTH_DAY_FORMAT = "N j"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "N j, Y, H:i"
TIME_FORMAT = "H:i"
