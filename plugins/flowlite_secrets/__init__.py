"""Secrets that are generated, and the files that keep them."""
