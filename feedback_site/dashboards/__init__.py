"""What staff and analysts look at: the home page, response rates, who answered, exports."""
