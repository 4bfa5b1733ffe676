"""CodeAnvil: a language server that learns a codebase."""

__version__ = "0.1.0"
