"""Asks a drawn sample each quarter: programmes, campaigns, strata, waves and the Net Promoter Score."""
