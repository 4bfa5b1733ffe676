"""The trainer's one error: a sentence for the user, which becomes the run's `failed` event."""


class TrainerError(Exception):
    """Training, merging or serving cannot go on; the text names the remedy."""
