"""`make chaos`: kills, freezes and empties what the site runs
on, and proves from outside that nothing was lost or doubled.
"""
