"""Pages of ways of working."""
