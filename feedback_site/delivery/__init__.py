"""Gets messages to people: outbox, attempts, suppression, channels."""
