"""Practices already in force, registered by file."""
