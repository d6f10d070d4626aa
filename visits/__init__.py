"""Return visits that verify repairs, their attempts and escalations."""
