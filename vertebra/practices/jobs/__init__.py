"""Work of practices outside requests."""
