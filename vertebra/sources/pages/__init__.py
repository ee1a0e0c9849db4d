"""Pages of imports and of the sources that they bring rows from."""
