"""What a question is about, and what is asked: its names, found and looked up in the index."""
