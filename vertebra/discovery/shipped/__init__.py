"""What ships with discovery, in French and English."""
