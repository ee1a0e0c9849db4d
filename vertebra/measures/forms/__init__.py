"""Validation of what is typed about measures."""
