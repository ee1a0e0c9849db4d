"""Questions over lessons and paths."""
