"""pdfium keeps global state and is not safe for threads: whoever renders holds this lock."""

import threading
from typing import Final

PDFIUM: Final = threading.Lock()
