"""Questions over releases."""
