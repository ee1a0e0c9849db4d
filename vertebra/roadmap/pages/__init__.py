"""What people see of the roadmap."""
