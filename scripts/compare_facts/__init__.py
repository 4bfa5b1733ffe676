"""CodeAnvil's facts beside those of independent parsers; see `scripts/compare-facts`."""
