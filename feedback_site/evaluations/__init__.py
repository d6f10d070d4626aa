"""What the numbers mean: dimensions, indicators, schemes, measurements and evaluation records."""
