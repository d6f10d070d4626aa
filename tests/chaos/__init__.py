"""`make chaos`: kills, freezes and empties what the site runs on.

It proves from outside that nothing was lost or doubled.
"""
