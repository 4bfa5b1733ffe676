"""Projects, solutions and shared settings of .NET."""
