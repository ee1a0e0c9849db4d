"""What people see of the organisation, and do to it."""
