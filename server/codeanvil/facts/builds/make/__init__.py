"""Make: `Makefile`, `GNUmakefile`, `makefile`, and the `*.mk` files that those include."""
