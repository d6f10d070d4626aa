"""What happened, to whom, by which team: service events, what became of them, and the working calendar."""
