"""What a run takes of memory, from numbers alone: nothing here knows torch, and nothing has been loaded yet."""
