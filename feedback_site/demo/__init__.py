"""Before the first real event: a sample organisation with its history
since last quarter, a stream of events and simulated customers.
"""
