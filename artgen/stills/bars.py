"""Where the picture lies within the frame: letterbox and pillarbox bars, found over many pictures of a title."""

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.records import PixelBox

FAINT_LEVEL, CLEAR_LEVEL = 14, 28  # of 255: a bar's coding noise stays below the second, dark picture may not
LIT_SHARE = 0.4  # of the widest line: a line of picture; subtitles in a bar light less
FAINT_SHARE = 0.03  # of the widest line: a line that is not quite black
EDGE_LINES = 6  # within which the same edge is found in another picture, blurred by scaling and coding
WHOLE_LINE = 0.85  # of the light a few lines on: a line of picture that is not mixed with the bar
MIN_AGREEMENT = 0.5  # of the pictures: so many begin at the same line where there is a bar
MIN_LIT = 0.02  # of a picture: darker ones say nothing about bars
MIN_SIDE = 0.25  # of the frame's side: less cannot be the picture

Lines = NDArray[np.float32]  # (pictures, lines)


def find_active_picture(pictures: Iterable[NDArray[np.uint8]]) -> PixelBox | None:
    """The box of the frame that is picture in any of the pictures; None when all are too dark to tell.

    Lines are bars only if no picture ever lights them over most of their length (subtitles light less) and
    the picture begins sharply behind them in most pictures, so that dark pictures are not cut into.
    A title that changes its aspect keeps the largest.

    Args:
        pictures: upright pictures (height, width, 3) of one size, from all over the title.

    Raises:
        ValueError: the pictures differ in size.
    """
    rows: list[Lines] = []
    columns: list[Lines] = []
    shape: tuple[int, ...] | None = None
    for picture in pictures:
        if shape is not None and picture.shape != shape:
            raise ValueError(f"pictures of one title differ in size: {shape} and {picture.shape}")
        shape = picture.shape
        red, green, blue = cv2.split(picture)
        across, down = _profiles(np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8))
        if across[1].mean() >= MIN_LIT:
            rows.append(across)
            columns.append(down)
    if shape is None or not rows:
        return None
    top, bottom = _extent(np.array(rows))
    left, right = _extent(np.array(columns))
    if (right - left) < MIN_SIDE * shape[1] or (bottom - top) < MIN_SIDE * shape[0]:
        return 0, 0, shape[1], shape[0]
    return left, top, right, bottom


def _profiles(light: NDArray[np.uint8]) -> tuple[Lines, Lines]:
    """Of the rows and of the columns, (3, lines): shares that are faintly and clearly lit, and the mean light."""
    lit = [cv2.threshold(light, level, 255, cv2.THRESH_BINARY)[1] for level in (FAINT_LEVEL, CLEAR_LEVEL)]
    scales = (1 / 255, 1 / 255, 1)
    rows, columns = (
        np.stack(
            [
                cv2.reduce(plane, dim, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel() * scale
                for plane, scale in zip((*lit, light), scales, strict=True)
            ]
        ).astype(np.float32)
        for dim in (1, 0)
    )
    return rows, columns


def _extent(profiles: NDArray[np.float32]) -> tuple[int, int]:
    """First and end line of picture, from the profiles of all pictures (pictures, 3, lines)."""
    return _bar(profiles), profiles.shape[2] - _bar(profiles[:, :, ::-1])


def _bar(profiles: NDArray[np.float32]) -> int:
    faint, clear, light = profiles[:, 0], profiles[:, 1], profiles[:, 2]
    begins = (clear >= LIT_SHARE * clear.max(1, keepdims=True)).argmax(1)
    edge = int(begins.min())
    agreeing = np.abs(begins - edge) <= EDGE_LINES
    if edge == 0 or agreeing.mean() < MIN_AGREEMENT:
        return min(edge, int((faint >= FAINT_SHARE * faint.max(1, keepdims=True)).argmax(1).min()))
    return _first_whole_line(light[agreeing], edge)


def _first_whole_line(light: Lines, edge: int) -> int:
    """The line behind the sharpest step near `edge` from which on the light is the picture's own."""
    low, high = max(1, edge - EDGE_LINES), min(light.shape[1], edge + EDGE_LINES + 1)
    profile = (light / np.maximum(light.mean(1, keepdims=True), 1)).mean(0)
    line = low + int(np.diff(profile[low - 1 : high]).argmax())
    beyond = float(profile[line + 3 : line + 7].mean()) if line + 3 < len(profile) else 0.0
    while line < high and profile[line] < WHOLE_LINE * beyond:
        line += 1
    return line
