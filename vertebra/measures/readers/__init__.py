"""Reading values where they are: rows of any table, files, web addresses, databases, providers."""
