"""The sample organisation with its history, a stream of events, simulated customers; `manage.py demo`."""
