"""What a project lets its users set: in the environment, on the command line, in its files of configuration.

`code` finds where source reads settings, by the calls that `known.toml` lists; `files` reads files of configuration.
"""
