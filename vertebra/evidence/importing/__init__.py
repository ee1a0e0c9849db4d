"""What other tools know of incidents and of work items, at a terminal and by the pages that all imports share."""
