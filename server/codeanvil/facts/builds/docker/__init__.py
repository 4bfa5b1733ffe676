"""Docker: files that images are built from."""
