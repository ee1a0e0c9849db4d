"""Readers of files that tell the history of work items, each kind of file in its own module."""
