"""Complaints with their clocks, suggestions, and what was done because of them, for all to read."""
