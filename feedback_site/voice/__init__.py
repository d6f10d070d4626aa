"""The customers' own voice: complaints with their clocks,
suggestions, and what was done because of them, for everybody to read.
"""
