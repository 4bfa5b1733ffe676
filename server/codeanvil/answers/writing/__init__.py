"""Answers in prose, from facts alone."""
