"""Every audited change of the roadmap."""
