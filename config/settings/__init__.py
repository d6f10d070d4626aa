"""Settings: `base` for all, then `local`, `test` or `production`."""
