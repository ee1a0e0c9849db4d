"""What discovery does by itself, one file for each resource."""
