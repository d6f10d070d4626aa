"""Asks and counts: questionnaires, survey rules, event
decisions, invitations, answering, responses, tallies.
"""
