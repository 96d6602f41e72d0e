"""What happens to a clean page on its way to the desk: scanned, badly scanned, photographed."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
CONDITIONS = ("clean", "scanned", "bad", "photo")
RESOLUTION = {"clean": 150, "scanned": 200, "bad": 150, "photo": 150}
JPEG_QUALITY = {"scanned": 40, "bad": 40, "photo": 50}


def rotate(page: Grey, degrees: float) -> Grey:
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)  # type: ignore[return-value]


def shade(page: Grey, strength: float, chance: np.random.Generator) -> Grey:
    """A soft shadow that falls across the page from a random side."""
    height, width = page.shape
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = chance.uniform(0, 2 * np.pi)
    slope = np.cos(angle) * across / width + np.sin(angle) * down / height
    slope = (slope - slope.min()) / (np.ptp(slope) + 1e-6)
    return np.clip(page * (1 - strength * slope**1.5), 0, 255).astype(np.uint8)


def noise(page: Grey, sigma: float, chance: np.random.Generator) -> Grey:
    grain = chance.normal(0, sigma, page.shape)
    return np.clip(page.astype(np.float32) + grain, 0, 255).astype(np.uint8)


def scanned(page: Grey, chance: np.random.Generator) -> Grey:
    page = cv2.GaussianBlur(page, (0, 0), 0.6)
    return noise(shade(rotate(page, chance.uniform(-0.7, 0.7)), 0.05, chance), 3, chance)


def bad(page: Grey, chance: np.random.Generator) -> Grey:
    """150 dpi, skewed by up to 2.5 degrees, faded, a shadow from the book's fold, grain."""
    faded = (page.astype(np.float32) * 0.75 + 45).astype(np.uint8)
    faded = cv2.GaussianBlur(faded, (0, 0), 0.75)
    return noise(shade(rotate(faded, chance.uniform(-2.5, 2.5)), 0.45, chance), 7, chance)


def photo(page: Grey, chance: np.random.Generator) -> Grey:
    """A telephone held at an angle over a dark desk: perspective, uneven light, slight blur."""
    height, width = page.shape
    room = int(0.07 * width)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + room + chance.uniform(-0.05, 0.05, (4, 2)).astype(np.float32) * width
    warp = cv2.getPerspectiveTransform(corners, moved)
    size = (width + 2 * room, height + 2 * room)
    desk = chance.normal(70, 6, (size[1], size[0])).astype(np.float32)
    cover = cv2.warpPerspective(np.full_like(page, 255), warp, size) > 127
    seen = np.where(cover, cv2.warpPerspective(page, warp, size, flags=cv2.INTER_CUBIC), desk)
    lit = shade(np.clip(seen * 0.92, 0, 255).astype(np.uint8), 0.4, chance)
    return noise(cv2.GaussianBlur(lit, (0, 0), 0.8), 5, chance)


SPOIL: dict[str, Callable[[Grey, np.random.Generator], Grey]] = {"scanned": scanned, "bad": bad, "photo": photo}
