"""Walks through the product from outside, against a demo of its own: `python -m tests.acceptance`."""
