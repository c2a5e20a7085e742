"""The command line by `python -m baogao.cli`."""

import sys

from baogao.cli import main

sys.exit(main())
