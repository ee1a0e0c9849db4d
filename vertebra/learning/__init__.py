"""Learning: lessons that expire when what they tell of changes, paths, the Product Camp of who arrives."""
