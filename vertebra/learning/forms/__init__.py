"""What people write of lessons and paths."""
