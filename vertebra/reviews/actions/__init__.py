"""Changes of reviews, each with its entry of the audit."""
