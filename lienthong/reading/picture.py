"""From what came off the scanner or telephone to a flat, straight, evenly lit grey page.

Order matters: the sheet is cut out of the desk first, then scaled, then the shading is divided out, then the page is
turned straight; each step needs the one before.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
READING_WIDTH = 1240  # pixels: 150 dpi on A4, enough for 32-pixel lines and no slower than needed
PAPER_LEVEL, INK_CURVE = 1.05, 0.7  # measured: a hard, black-and-white look costs the recogniser its tone marks
STEEPEST_SKEW = 5.0  # degrees; papers laid across the glass are the clerk's to turn


class UnreadablePicture(Exception):
    """The bytes hold no picture that can be decoded."""


def decode(content: bytes) -> Grey:
    """Grey picture, turned as the camera says."""
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        raise UnreadablePicture("Expected a picture, but the bytes could not be decoded")
    return np.asarray(picture, dtype=np.uint8)


def prepare(picture: Grey) -> Grey:
    """Cut out, scale, flatten, deskew."""
    return deskew(flatten(scale(cut_out_sheet(picture))))


def scale(picture: Grey) -> Grey:
    """To the reading width; small pictures grow at most twice, more would only add blur."""
    ratio = min(READING_WIDTH / picture.shape[1], 2.0)
    if 0.97 < ratio < 1.03:
        return picture
    size = (max(1, round(picture.shape[1] * ratio)), max(1, round(picture.shape[0] * ratio)))
    return as_grey(cv2.resize(picture, size, interpolation=cv2.INTER_AREA if ratio < 1 else cv2.INTER_CUBIC))


def flatten(picture: Grey) -> Grey:
    """Divide by the paper's own brightness, so that shadow and fold go and ink stays."""
    height, width = picture.shape
    small = cv2.resize(picture, (max(8, width // 8), max(8, height // 8)), interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 15)
    background = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    even = np.minimum(picture / np.maximum(background, 1.0), 1.2)
    darkest = float(np.percentile(even[::4, ::4], 0.5))
    stretched = (even - darkest) / max(PAPER_LEVEL - darkest, 0.1)
    return as_grey(np.clip(stretched, 0.0, 1.0) ** INK_CURVE * 255)


def deskew(page: Grey) -> Grey:
    """Turn so that lines are level."""
    angle = skew(page)
    if abs(angle) < 0.1:
        return page
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return as_grey(cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255,)))


def skew(page: Grey) -> float:
    """Degrees to turn by: the angle at which rows of ink stand out most sharply from the gaps."""
    height, width = page.shape
    size = (640, max(8, round(height * 640 / width)))
    ink = 255 - cv2.resize(page, size, interpolation=cv2.INTER_AREA)
    ink[ink < 60] = 0
    # Straight edges of the sheet would win over the text: leave the rim out.
    rim = size[1] // 40, size[0] // 40
    ink = ink[rim[0] : -rim[0] or None, rim[1] : -rim[1] or None]
    coarse = best_angle(ink, np.arange(-STEEPEST_SKEW, STEEPEST_SKEW + 0.01, 0.5))
    return best_angle(ink, np.arange(coarse - 0.4, coarse + 0.41, 0.1))


def best_angle(ink: Any, angles: Any) -> float:
    height, width = ink.shape
    scores = []
    for angle in angles:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(angle), 1.0)
        rows = cv2.warpAffine(ink, turn, (width, height), flags=cv2.INTER_LINEAR).sum(axis=1, dtype=np.float64)
        scores.append(float(np.sum(np.diff(rows) ** 2)))
    return float(angles[int(np.argmax(scores))])


def cut_out_sheet(picture: Grey) -> Grey:
    """The sheet of a photograph, seen from straight above; pictures without a darker desk around stay as they are."""
    corners = sheet_corners(picture)
    if corners is None:
        return picture
    top, right = np.linalg.norm(corners[1] - corners[0]), np.linalg.norm(corners[2] - corners[1])
    bottom, left = np.linalg.norm(corners[2] - corners[3]), np.linalg.norm(corners[3] - corners[0])
    width, height = int(max(top, bottom)), int(max(left, right))
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    warp = cv2.getPerspectiveTransform(corners, flat)
    return as_grey(cv2.warpPerspective(picture, warp, (width, height), flags=cv2.INTER_CUBIC))


def sheet_corners(picture: Grey) -> NDArray[np.float32] | None:
    """Corners from the upper left clockwise, or nothing when the sheet fills the picture."""
    ratio = 600 / max(picture.shape)
    small = cv2.GaussianBlur(cv2.resize(picture, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA), (0, 0), 2)
    level, bright = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    closed = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    outlines = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea)
    share = cv2.contourArea(outline) / small.size
    rough = cv2.approxPolyDP(cv2.convexHull(outline), 0.03 * cv2.arcLength(outline, True), True)
    if len(rough) != 4 or not 0.4 < share < 0.97 or border_brightness(small) > level:
        return None
    points = rough.reshape(4, 2).astype(np.float32) / ratio
    total, difference = points.sum(axis=1), np.diff(points, axis=1).ravel()
    order = [total.argmin(), difference.argmin(), total.argmax(), difference.argmax()]
    return points[order] if len(set(map(int, order))) == 4 else None


def border_brightness(small: Any) -> float:
    rim = np.concatenate([small[:4].ravel(), small[-4:].ravel(), small[:, :4].ravel(), small[:, -4:].ravel()])
    return float(np.median(rim))


def as_grey(picture: Any) -> Grey:
    return np.asarray(picture).astype(np.uint8)
