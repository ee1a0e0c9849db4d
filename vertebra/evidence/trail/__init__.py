"""The history of work items, in columns: files under the data folder, to which one row in the database points."""
