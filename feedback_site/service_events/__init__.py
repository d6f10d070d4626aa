"""What happened, to whom, by which team: intake of service events and what became of them."""
