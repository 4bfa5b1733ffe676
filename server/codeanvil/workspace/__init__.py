"""The folder a developer opened: which files count, what is kept out, the store of facts, and what fills it."""
