"""Pages of surveys: the list, making one, answering, results, files brought from elsewhere."""
