"""What a model is taught: pure functions, facts in, samples out. Deterministic; no other model is asked."""
