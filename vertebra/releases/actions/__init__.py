"""Changes of releases, each with its entry of the audit."""
