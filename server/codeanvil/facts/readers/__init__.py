"""What each language's captured nodes say: a module or folder per language, on `outline` and `reading`."""
