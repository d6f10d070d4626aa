"""What is said of an answer that is none."""


class InvalidAnswer(ValueError):  # noqa: N818 - an answer is invalid, the program has no error
    """An answer that cannot be accepted; `str()` is a sentence for the customer in the active language."""
