"""Every audited change of measures."""
