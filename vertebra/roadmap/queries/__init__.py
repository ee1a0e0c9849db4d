"""Questions over the roadmap."""
