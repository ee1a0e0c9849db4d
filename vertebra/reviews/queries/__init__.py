"""Questions over reviews."""
