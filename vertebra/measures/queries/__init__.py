"""Questions over measures."""
