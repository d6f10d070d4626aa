"""No one reads another team's byte.

Every address, by every method, as everybody, generated from the address tables.
"""
