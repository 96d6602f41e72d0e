"""Is a photographed page good enough to read? A look at the picture, before it is sent; never a refusal.

Thresholds were set on the sample pages: a sharp 150 dpi page has a Laplacian variance in the hundreds, one that a
moving hand blurred below 60.
"""

from typing import Final

import cv2
import numpy as np

LOOKED_AT: Final = 1200  # pixels of the longer side while looking
SMALLEST: Final = 900  # pixels of the longer side: 75 dpi on A4
BLURRED: Final = 60.0  # variance of the Laplacian
DARK: Final = 70.0  # mean brightness of 255
BRIGHT_SHARE: Final = 0.35  # share of blown-out pixels next to dark ones
FLAT: Final = 12.0  # standard deviation of brightness: nothing is written on it


def warnings_of(content: bytes) -> list[str]:
    """What may keep the page from being read: ``small``, ``blurred``, ``dark``, ``glare``, ``empty``."""
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        return []
    longer = max(picture.shape)
    found = ["small"] if longer < SMALLEST else []
    if longer > LOOKED_AT:
        picture = cv2.resize(picture, None, fx=LOOKED_AT / longer, fy=LOOKED_AT / longer, interpolation=cv2.INTER_AREA)
    spread = float(picture.std())
    if spread < FLAT:
        return [*found, "empty"]
    if float(cv2.Laplacian(picture, cv2.CV_64F).var()) < BLURRED:
        found.append("blurred")
    if float(picture.mean()) < DARK:
        found.append("dark")
    blown = float((picture >= 254).mean())
    if blown > BRIGHT_SHARE and float((picture < 120).mean()) > 0.25:
        found.append("glare")
    return found
