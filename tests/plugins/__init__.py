"""What a test run needs before the first test: servers, and the will to run all of them."""
