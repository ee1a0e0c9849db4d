"""What ships with the roadmap."""
