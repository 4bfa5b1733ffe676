"""A training run: set up, loop, guards, checkpoints. `loop.py` is where to begin reading."""
