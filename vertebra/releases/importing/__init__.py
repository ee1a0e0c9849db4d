"""Releases of changelogs, release notes and trackers: planned, routed, written, undone as one."""
