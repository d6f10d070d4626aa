"""What customers and authors see of a questionnaire: pages made of compiled versions and drafts."""
