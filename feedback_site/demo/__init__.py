"""Before the first real event: a sample organisation with two months of history, a stream of events and simulated customers."""
