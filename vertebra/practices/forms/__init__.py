"""What people write of ways of working."""
