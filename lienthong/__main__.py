"""``python -m lienthong`` is the command ``lienthong``."""

import sys

from lienthong.cli import main

sys.exit(main())
