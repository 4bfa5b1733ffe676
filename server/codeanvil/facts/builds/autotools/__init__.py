"""GNU Autotools: `configure.ac`, and the `Makefile.am` and `Makefile.in` that it makes makefiles of."""
