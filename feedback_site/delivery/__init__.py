"""Gets messages to people: outbox, sending attempts, addresses not to write to, SMS and email."""
