"""CodeAnvil's own commands, and the one request beside them. Handlers check the arguments, hand them on, and shape the
answer; long work is done by `jobs`."""
