"""What runs by itself for measures."""
