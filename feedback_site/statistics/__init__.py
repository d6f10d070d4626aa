"""Pure functions behind every published number; importable without Django, standard library only."""
