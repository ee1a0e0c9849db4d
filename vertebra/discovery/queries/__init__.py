"""Questions over what was heard and what it says."""
