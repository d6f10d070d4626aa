"""Measures what the site promises: `python -m benchmarks` prints the table."""
