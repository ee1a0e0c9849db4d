"""What of releases runs by itself."""
