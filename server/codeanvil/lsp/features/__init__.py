"""What the protocol knows, one file a request. Handlers look up the state a message is about, hand it on, and shape the
answer."""
