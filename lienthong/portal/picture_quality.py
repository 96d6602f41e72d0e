"""Is a photographed page good enough to read? A look at the picture, before it is sent; never a refusal.

Thresholds were set on the sample pages: a sharp 150 dpi page has a Laplacian variance in the hundreds, one that a
moving hand blurred below 60.
"""

import io
from typing import Final

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

LOOKED_AT: Final = 1200  # pixels of the longer side while looking
SMALLEST: Final = 900  # pixels of the longer side: 75 dpi on A4
BLURRED: Final = 60.0  # variance of the Laplacian
DARK: Final = 70.0  # mean brightness of 255
BRIGHT_SHARE: Final = 0.35  # share of blown-out pixels next to dark ones
FLAT: Final = 12.0  # standard deviation of brightness: nothing is written on it
_REDUCED: Final = (
    (8, cv2.IMREAD_REDUCED_GRAYSCALE_8),
    (4, cv2.IMREAD_REDUCED_GRAYSCALE_4),
    (2, cv2.IMREAD_REDUCED_GRAYSCALE_2),
)


def warnings_of(content: bytes) -> list[str]:
    """What may keep the page from being read: ``small``, ``blurred``, ``dark``, ``glare``, ``empty``."""
    longer = _longer_side(content)
    # A camera's picture is decoded no larger than it is looked at: a fraction of the time, the same answers.
    mode = next((mode for factor, mode in _REDUCED if longer >= factor * LOOKED_AT), cv2.IMREAD_GRAYSCALE)
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), mode)
    if picture is None:
        return []
    found = ["small"] if longer < SMALLEST else []
    now = max(picture.shape)
    if now > LOOKED_AT:
        picture = cv2.resize(picture, None, fx=LOOKED_AT / now, fy=LOOKED_AT / now, interpolation=cv2.INTER_AREA)
    brightness, spread = _mean_and_spread(picture)
    if spread < FLAT:
        return [*found, "empty"]
    if _mean_and_spread(cv2.Laplacian(picture, cv2.CV_16S))[1] ** 2 < BLURRED:
        found.append("blurred")
    if brightness < DARK:
        found.append("dark")
    counts = np.bincount(picture.ravel(), minlength=256)
    if counts[254:].sum() > BRIGHT_SHARE * picture.size and counts[:120].sum() > 0.25 * picture.size:
        found.append("glare")
    return found


def _longer_side(content: bytes) -> int:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return max(picture.size)
    except (UnidentifiedImageError, OSError):
        return 0


def _mean_and_spread(picture: cv2.typing.MatLike) -> tuple[float, float]:
    mean, spread = cv2.meanStdDev(picture)
    return float(mean[0, 0]), float(spread[0, 0])
