"""Changes of practices, each with its entry of the audit."""
