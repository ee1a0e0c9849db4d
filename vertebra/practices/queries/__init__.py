"""Questions over many practices."""
