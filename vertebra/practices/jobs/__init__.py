"""What runs by itself of ways of working."""
