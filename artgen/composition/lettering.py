"""Lettering by a learned detector, PP-OCRv6 small: where lines of text are, of any script; nothing is read.

Sources: Liao and others, "Real-time Scene Text Detection with Differentiable Binarization" (AAAI 2020), for the
map of text and how boxes come out of it; PaddleOCR's PP-OCRv6 for the weights.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.composition.reduced import checked
from artgen.composition.text import find_text
from artgen.errors import ModelError
from artgen.records import Box
from artgen.weights import open_network

READING_SIDE = 640  # pixels of the longer side: at 512 one corner logo in ten is lost
SIDE_STEP = 32  # the network halves its picture five times
TEXT_FROM = 0.3  # of the map, as the network was trained
LEAST_PX, LARGEST = 3, 0.45  # height of a line: pixels of the map, part of the picture's
LEAST_SCORE = 0.85  # mean of the map over a region; lines of letters have 0.90 and more
LEAST_FILLED = 0.72  # of its rectangle: a line is one, a figure or a bush is not
LARGE, SHORT, LONG = 0.15, 1.25, 3.0  # height, of the picture's; length, of the height
SURE_SCORE, SURE_FILLED = 0.92, 0.85  # of what is large or short: figures and shadows reach 0.91 and 0.80
REMEDY = "install or fetch it again"
SHRUNK = 1.6  # the map shows lines shrunk; what is taken off is area / outline times this


class TextDetector(Protocol):
    """What finds lettering. `name` is its id in the record of models used."""

    name: str

    def find(self, picture: NDArray[np.uint8]) -> tuple[Box, ...]:
        """Boxes of lines in an sRGB picture (height, width, 3), in its pixels, top to bottom.

        Raises:
            ValueError: the picture is empty or not (height, width, 3) uint8.
        """
        ...


def load_text_detector(weights: Path | None) -> TextDetector:
    """The best detector there is: PP-OCRv6's from its ONNX file, or artgen's own where `weights` is None.

    Raises:
        ModelError: the file is not a detector of that kind.
    """
    return StrokeDetector() if weights is None else NetworkDetector(weights)


class StrokeDetector:
    """artgen's own detector, which needs no file and finds fewer lines; see find_text."""

    name = "artgen-strokes"

    def find(self, picture: NDArray[np.uint8]) -> tuple[Box, ...]:
        """See TextDetector."""
        return find_text(picture)


STROKES = StrokeDetector()


class NetworkDetector:
    """PP-OCRv6 small, run by ONNX Runtime on one core; may be used by several threads at once."""

    name = "pp-ocrv6-text"

    def __init__(self, weights: Path) -> None:
        """Load the ONNX file; see load_text_detector."""
        from google.protobuf.message import DecodeError

        try:
            model = _without_denormals(weights)
        except DecodeError as fault:
            raise ModelError(f"{weights} is damaged; {REMEDY}.") from fault
        self._session = open_network(model, named=weights, remedy=REMEDY)
        ends = (*self._session.get_inputs(), *self._session.get_outputs())
        if [len(end.shape) for end in ends] != [4, 4] or ends[0].shape[1] != 3:
            raise ModelError(f"{weights} is not a detector of text; {REMEDY}.")
        self._input = ends[0].name

    def find(self, picture: NDArray[np.uint8]) -> tuple[Box, ...]:
        """See TextDetector."""
        height, width = checked(picture).shape[:2]
        scale = READING_SIDE / max(height, width)
        size = [max(SIDE_STEP, round(edge * scale / SIDE_STEP) * SIDE_STEP) for edge in (width, height)]
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        read = np.asarray(cv2.resize(picture, size, interpolation=how), np.uint8)
        across, down = width / size[0], height / size[1]
        boxes = [
            (
                round(max(0.0, x1 * across), 1),
                round(max(0.0, y1 * down), 1),
                round(min(float(width), x2 * across), 1),
                round(min(float(height), y2 * down), 1),
            )
            for x1, y1, x2, y2 in (region.box for region in text_regions(self._map(read)) if region.is_line)
        ]
        return tuple(sorted(boxes, key=lambda box: (box[1], box[0])))

    def _map(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Likelihood of text at each pixel, (height, width) 0..1; sides are multiples of SIDE_STEP."""
        blue_first = picture[..., ::-1].astype(np.float32) / 127.5 - 1
        planes = np.ascontiguousarray(blue_first.transpose(2, 0, 1)[None])
        return np.asarray(self._session.run(None, {self._input: planes})[0][0, 0], np.float32)


@dataclass(frozen=True, slots=True)
class Region:
    """A place where the map says text: mean of the map, box and sides in pixels of the map.

    `high` is the line's height and `long` its length, turned as it may be; `filled` the part of its rectangle
    that it fills, `of_height` its height as a fraction of the map's.
    """

    score: float
    box: Box
    high: float
    long: float
    filled: float
    of_height: float

    @property
    def is_line(self) -> bool:
        """Whether it is as sure and of such a shape as lines of lettering are."""
        short, large = self.long < SHORT * self.high, self.of_height > LARGE
        compact = short or (large and self.long < LONG * self.high)
        return (
            self.score >= (SURE_SCORE if short or large else LEAST_SCORE)
            and self.filled >= (SURE_FILLED if compact else LEAST_FILLED)
            and self.of_height <= LARGEST
        )


def text_regions(likelihood: NDArray[np.float32]) -> list[Region]:
    """The connected regions of a map of text, (height, width) 0..1, each grown to the size of its letters."""
    mask = np.asarray(likelihood > TEXT_FROM, np.uint8)
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return [region for outline in outlines if (region := _region(likelihood, outline)) is not None]


def _region(likelihood: NDArray[np.float32], outline: Any) -> Region | None:
    middle, (wide, tall), angle = cv2.minAreaRect(outline)
    wide, tall = wide + 1, tall + 1  # an outline runs through the middle of its pixels
    if min(wide, tall) < LEAST_PX:
        return None
    x, y, width, height = cv2.boundingRect(outline)
    inside = np.zeros((height, width), np.uint8)
    cv2.drawContours(inside, [outline - (x, y)], 0, 1, -1)
    values = likelihood[y : y + height, x : x + width][inside > 0]
    grown = SHRUNK * len(values) / (wide + tall)  # on both sides
    corners = cv2.boxPoints((middle, (wide + grown, tall + grown), angle))
    (x1, y1), (x2, y2) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    high = min(wide, tall) + grown
    return Region(
        score=float(values.mean()),
        box=(x1, y1, x2, y2),
        high=high,
        long=max(wide, tall) + grown,
        filled=len(values) / (wide * tall),
        of_height=high / likelihood.shape[0],
    )


def _without_denormals(weights: Path) -> bytes:
    """The model with numbers too small for ordinary arithmetic set to 0: it says the same, three times as fast."""
    import onnx
    from onnx import TensorProto, numpy_helper

    model = onnx.load(str(weights), load_external_data=False)
    least = np.finfo(np.float32).tiny
    for tensor in model.graph.initializer:
        if tensor.data_type == TensorProto.FLOAT:
            values = numpy_helper.to_array(tensor)
            kept = np.where(np.abs(values) < least, 0, values).astype(np.float32)
            tensor.CopyFrom(numpy_helper.from_array(kept, tensor.name))
    return bytes(model.SerializeToString())
