"""What runs by itself for the roadmap."""
