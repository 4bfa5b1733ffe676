"""What all tests share."""

from hypothesis import settings

# Machines are noisy: how long one example takes says nothing about the code.
settings.register_profile("codeanvil", deadline=None)
settings.load_profile("codeanvil")
