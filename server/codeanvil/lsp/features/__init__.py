"""One file per request. Handlers look up the state a message is about, hand it on, and shape the answer."""
