"""Outside systems: how what they hold becomes records of ours. No Django here."""
