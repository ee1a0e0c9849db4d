"""What ships with the roadmap: data, in both languages."""
