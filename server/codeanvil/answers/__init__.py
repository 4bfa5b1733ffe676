"""Question -> evidence -> model -> checked answer; and how often that is right."""
