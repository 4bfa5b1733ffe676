"""`scripts/bench gpu`: the guide's run on the true 6.7B shape, against others, on a GPU."""
