"""Asks customers and counts answers: survey rules, decisions, invitations, links, responses, tallies."""
