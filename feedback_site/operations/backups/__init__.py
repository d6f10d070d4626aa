"""Backups: what a site needs to begin again elsewhere, encrypted for a key that the site does not have."""
