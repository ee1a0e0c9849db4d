"""What work items went through, and whether they did it as a practice says: rules over their histories."""
