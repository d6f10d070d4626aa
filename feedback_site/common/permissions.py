"""What roles may do with the models of this app, which stands below the roles: nothing."""

# Counts of public forms: staff see the limit at work, not its rows.
FOR_NO_ROLE = {"ratecount"}
