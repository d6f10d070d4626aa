"""Who works here: staff, the tree of teams, roles, data scope, API keys, the access log."""
