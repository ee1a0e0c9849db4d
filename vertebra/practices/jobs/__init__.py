"""Work of ways of working that runs by itself."""
