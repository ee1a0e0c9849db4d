"""What people may type about ways of working."""
