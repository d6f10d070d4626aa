"""Goes back to customers: return visits that verify repairs,
their attempts and escalations, and the working calendar.
"""
