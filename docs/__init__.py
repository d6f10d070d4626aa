"""What people who work on the site read, and the command that draws the parts taken from the code."""
