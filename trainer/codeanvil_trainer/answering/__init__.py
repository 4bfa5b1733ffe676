"""Models that answer: loaded, in batches or as a stream, compared with one another."""
