"""What people may type about what they heard and what hurts."""
