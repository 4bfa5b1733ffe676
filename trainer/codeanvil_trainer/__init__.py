"""The trainer: the only place where torch lives. Started as `python -m codeanvil_trainer`."""
