"""Changes of lessons and paths, each with its entry of the audit."""
