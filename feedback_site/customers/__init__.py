"""Whom we serve, and whether and how we may reach them: contacts, consent, refusals."""
