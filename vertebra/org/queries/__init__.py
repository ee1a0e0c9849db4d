"""Questions over the whole organisation of one day."""
