"""What the adapters of the presets learn of the same samples."""
