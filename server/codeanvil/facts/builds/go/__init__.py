"""Go modules: `go.mod` and `go.work`."""
