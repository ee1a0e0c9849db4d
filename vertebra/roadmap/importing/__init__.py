"""Reading roadmaps of other tools: what their files would change, and changing it."""
