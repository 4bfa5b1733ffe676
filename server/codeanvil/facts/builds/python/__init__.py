"""What files of Python packages and environments say."""
