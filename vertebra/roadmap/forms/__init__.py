"""Validation of what is typed about the roadmap."""
