"""Vertebra: the self-hosted operating system of a product organisation."""
