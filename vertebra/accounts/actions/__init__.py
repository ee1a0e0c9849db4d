"""Every audited change of accounts, by resource."""
