"""What a model wrote, looked up; and whether what is cited still stands."""
