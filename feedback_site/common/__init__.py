"""Tools that know no business term: ids, the clock, locks, errors, masks, files with tables."""
