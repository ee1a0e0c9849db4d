"""Every audited change of surveys, and the one that leaves no trace of who made it: answering."""
