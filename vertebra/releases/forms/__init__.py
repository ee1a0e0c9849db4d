"""What people write of releases."""
