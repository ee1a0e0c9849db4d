"""Pages of accounts, by resource."""
