"""Things that developers run."""
