"""`python -m codeanvil.cli`: the command line where its script is not on the path."""

import sys

from codeanvil.cli import main

sys.exit(main())
