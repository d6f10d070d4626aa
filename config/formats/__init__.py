"""How moments and days are written, where the language alone does not say it in one way."""
