"""What staff and analysts look at."""
