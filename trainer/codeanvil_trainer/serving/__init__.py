"""The model host: an OpenAI-compatible endpoint on loopback."""
