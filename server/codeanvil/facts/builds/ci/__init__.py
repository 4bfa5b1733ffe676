"""CI servers: which jobs there are, and what they run."""
