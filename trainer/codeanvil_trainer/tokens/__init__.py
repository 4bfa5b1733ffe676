"""Text as tokens: the prompt template, rows of a data set, packing; which prompt an adapter belongs to."""
