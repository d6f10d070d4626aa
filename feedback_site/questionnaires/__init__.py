"""What can be asked, and how it is written, tried, published, exchanged and drawn as a page."""
