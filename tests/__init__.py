"""The test suite, which mirrors the source."""
