"""What Vertebra must be fast at, runnable by anyone, with its own generators."""
