"""Words without a domain: ids, the clock, the doorbell, errors, masks, constraints."""
