"""Facts around what a question is about, and the evidence that a model is given."""
