"""What all pages for customers and the public share, whichever app they belong to."""
