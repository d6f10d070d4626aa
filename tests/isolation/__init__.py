"""No one reads another team's byte: every address, by every
method, as everybody, generated from the address tables.
"""
