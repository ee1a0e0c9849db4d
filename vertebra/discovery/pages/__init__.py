"""What people see of discovery, and do to it."""
