"""`python -m codeanvil.lsp` is `codeanvil-lsp`."""

import sys

from codeanvil.lsp import main

sys.exit(main())
