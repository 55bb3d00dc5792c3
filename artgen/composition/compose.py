"""One still's composition: all of this room's measures together."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from artgen.composition import measures as measure
from artgen.composition.colors import color_measures, dominant_colors
from artgen.composition.lettering import STROKES, TextDetector
from artgen.composition.reduced import checked, resized
from artgen.composition.saliency import saliency_map
from artgen.composition.scale import face_height_fraction, shot_scale
from artgen.composition.space import calm_places, largest_calm_box
from artgen.records import Box, Composition, Face, covered_fraction, rounded

WORK_SIDE = 768  # of the copy that is measured: larger detail than this is not composition


def compose(
    still: str,
    picture: NDArray[np.uint8],
    *,
    faces: Sequence[Face],
    lettering: TextDetector = STROKES,
    subjects: bool = True,
) -> Composition:
    """Measure how a still is composed.

    Args:
        still: its id, carried into the record.
        picture: sRGB, (height, width, 3) uint8, the active picture.
        faces: the faces in it, boxes in pixels of `picture`.
        lettering: what finds lines of text.
        subjects: see saliency_map.

    Returns:
        A Composition whose `measures` are exactly the names in MEASURES, boxes and the saliency
        center in pixels of `picture`.

    Raises:
        ValueError: the picture is empty or not (height, width, 3) uint8.
    """
    work = resized(checked(picture), WORK_SIDE)
    height, width = work.shape[:2]
    scale = picture.shape[1] / width
    faces = [replace(face, box=scaled(face.box, 1 / scale)) for face in faces]
    boxes = tuple(face.box for face in faces)
    small = resized(work, WORK_SIDE // 4)
    saliency, lines = saliency_map(work, subjects=subjects), lettering.find(picture)
    text = tuple(scaled(line, 1 / scale) for line in lines)
    calm = calm_places(small, saliency, taken=tuple(scaled(box, 0.25) for box in boxes + text))
    subject_weights = measure.subject_mask(saliency, boxes, width=width, height=height)
    subject, center = measure.mass_center(subject_weights), measure.mass_center(saliency)
    space = largest_calm_box(calm, width=picture.shape[1], height=picture.shape[0])
    values = {
        "depth_of_field": measure.depth_of_field(work, subject_weights),
        "thirds": measure.thirds(subject),
        "symmetry": measure.symmetry(small),
        "balance": 1 - abs(2 * center[0] - 1),
        "saliency_spread": measure.saliency_spread(saliency),
        "negative_space_fraction": float(calm.mean()),
        "edge_density": measure.edge_density(work),
        "subject_x": subject[0],
        "subject_y": subject[1],
        "subject_lightness": measure.subject_lightness(small, subject_weights),
        "face_area_fraction": covered_fraction((0, 0, width, height), boxes),
        "face_height_fraction": min(1.0, face_height_fraction(faces, picture_height=height)),
        "text_fraction": covered_fraction((0, 0, width, height), text),
        **color_measures(small),
    }
    return Composition(
        still=still,
        measures=rounded(values),
        shot_scale=shot_scale(faces, picture_height=height),
        colors=dominant_colors(small),
        text_boxes=lines,
        negative_space=space,
        saliency_center=(round(center[0] * picture.shape[1], 1), round(center[1] * picture.shape[0], 1)),
    )


def scaled(box: Box, factor: float) -> Box:
    """The box in a picture `factor` times as large, to a tenth of a pixel."""
    x1, y1, x2, y2 = (round(edge * factor, 1) for edge in box)
    return x1, y1, x2, y2
