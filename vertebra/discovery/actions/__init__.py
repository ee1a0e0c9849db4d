"""Every audited change of discovery."""
