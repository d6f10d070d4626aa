"""Whom we serve, and how and whether we may reach them: the only home of customers' personal data."""
