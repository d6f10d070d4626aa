"""Conservation: what must add up whatever happened, asked by
SQL of its own and never by the code under check.
"""
