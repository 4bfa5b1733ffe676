"""`scripts/bench train`: samples a second of our trainer against the plain Trainer and TRL, on a CPU, in one run."""
