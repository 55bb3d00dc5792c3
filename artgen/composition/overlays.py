"""Marks that lie over a whole title at one place: a station's logo, a watermark, a burned-in clock's frame.

Shots differ everywhere but there: an edge that has one place and direction in nearly all of them was
not filmed.

Source: Meisinger and others, "Automatic TV logo removal using statistical based logo detection and
frequency selective inpainting" (2005), for edges that persist; Dekel and others, "On the effectiveness
of visible watermarks" (2017), for the consensus of gradients over pictures.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.composition.reduced import checked, luma_of, shrink
from artgen.records import Box

OVERLAY_SIDE = 480
LEAST_PICTURES = 4  # fewer shots share an edge by chance
MISSING = 0.2  # part of the pictures in which the mark may be lost, as white is on a white sky
LEAST_EDGE = 8.0  # levels of luma a pixel
JOIN_PX = 9
LEAST_EDGE_PX = 24
MOST_OF_PICTURE = 0.04  # what persists over more is the same view again, not a mark
MOST_OF_EDGES = 0.4  # of those of a picture, likewise
BAND = 0.3  # of width and height from the border, where marks are put


def find_overlays(pictures: Sequence[NDArray[np.uint8]]) -> tuple[Box, ...]:
    """Boxes of the marks that lie over all of some pictures of a title.

    Args:
        pictures: sRGB, (height, width, 3) uint8, of one size, each of another shot.

    Returns:
        Boxes in pixels of the pictures, top to bottom; none where the pictures are too few or too
        alike to tell.

    Raises:
        ValueError: a picture is empty, not (height, width, 3) uint8, or of another size.
    """
    if len({checked(picture).shape for picture in pictures}) > 1:
        raise ValueError("pictures must be of one size")
    if len(pictures) < LEAST_PICTURES:
        return ()
    edges = np.stack([_edges(picture) for picture in pictures])
    common = edges.mean(axis=0)
    along = (edges * (common / np.maximum(np.abs(common), 1e-6))[None].conj()).real
    lasting = (np.quantile(along, MISSING, axis=0) > LEAST_EDGE).astype(np.uint8)
    usual = float(np.median((np.abs(edges) > LEAST_EDGE).sum(axis=(1, 2))))
    if lasting.mean() > MOST_OF_PICTURE or lasting.sum() > MOST_OF_EDGES * usual:
        return ()
    joined = cv2.dilate(lasting, np.ones((JOIN_PX, JOIN_PX), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    held = np.bincount(labels.ravel(), lasting.ravel(), len(stats))
    scale = pictures[0].shape[1] / lasting.shape[1]
    height, width = lasting.shape
    boxes = []
    for (x, y, wide, high, _), edge_px in zip(stats[1:].tolist(), held[1:], strict=True):
        grown = JOIN_PX // 2
        x1, x2 = (x + grown if x else 0), (x + wide - grown if x + wide < width else width)
        y1, y2 = (y + grown if y else 0), (y + high - grown if y + high < height else height)
        if edge_px >= LEAST_EDGE_PX and _is_aside((x1, y1, x2, y2), width, height):
            boxes.append(tuple(round(edge * scale, 1) for edge in (x1, y1, x2, y2)))
    return tuple(sorted(((a, b, c, d) for a, b, c, d in boxes), key=lambda box: (box[1], box[0])))


def _edges(picture: NDArray[np.uint8]) -> NDArray[np.complex64]:
    """The gradient of luma at each place as a complex number, across + i down."""
    luma = shrink(luma_of(picture), OVERLAY_SIDE).astype(np.float32)
    across, down = (cv2.Sobel(luma, cv2.CV_32F, *order, ksize=3) / 8 for order in ((1, 0), (0, 1)))
    return np.asarray(across + 1j * down, np.complex64)


def _is_aside(box: tuple[int, int, int, int], width: int, height: int) -> bool:
    """Whether a box lies in the band along the border and is no bar across the whole picture."""
    x1, y1, x2, y2 = box
    in_band = (
        x2 <= BAND * width or x1 >= (1 - BAND) * width or y2 <= BAND * height or y1 >= (1 - BAND) * height
    )
    return in_band and x2 - x1 < 0.5 * width and y2 - y1 < 0.5 * height
