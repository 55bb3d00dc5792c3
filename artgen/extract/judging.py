"""Judging one picture: a Still, its fingerprint, and its file where it is usable."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from artgen.folder import FramesFolder, read_json, write_array, write_json, write_whole
from artgen.pictures import SUFFIXES, encode_picture
from artgen.records import ImageFormat, PixelBox, Still, rounded, still_id
from artgen.stills import fingerprint, gate_still, measure_still, still_score
from artgen.video import Picture

NO_SHOT = -1  # of a still that was judged before the shots are known


@dataclass(frozen=True, slots=True)
class Judge:
    """What every picture is judged by, and where the usable ones go; `active_picture` is the box to cut to."""

    folder: FramesFolder
    active_picture: PixelBox
    image_format: ImageFormat
    time_base: Fraction
    start_pts: int

    def judge(self, picture: Picture, *, shot: int, motion: float) -> tuple[Still, NDArray[np.float32]]:
        """Measure and gate a picture; write its file when it passes.

        Args:
            picture: as the film shows it.
            shot: its shot's id, NO_SHOT if that is not known.
            motion: around it, 0..1.

        Returns:
            The still, with file or gate, and its fingerprint (d,).
        """
        x1, y1, x2, y2 = self.active_picture
        crop = np.ascontiguousarray(picture.rgb[y1:y2, x1:x2])
        measures = measure_still(crop) | {"motion": motion}
        time_s = float((picture.pts - self.start_pts) * self.time_base)
        still = Still(
            id=still_id(time_s),
            shot=shot,
            pts=picture.pts,
            time_s=round(time_s, 6),
            file=None,
            measures=rounded(measures),
            gate=gate_still(measures, crop),
            score=round(still_score(measures), 6),
        )
        if still.gate is None:
            name = f"stills/{still.id}{SUFFIXES[self.image_format]}"
            write_whole(self.folder.root / name, encode_picture(crop, self.image_format))
            still = replace(still, file=name)
        return still, fingerprint(crop)


@dataclass(frozen=True, slots=True)
class Judged:
    """Stills with their fingerprints, (n, d), and sentences about damage met on the way."""

    stills: list[Still]
    prints: NDArray[np.float32]
    damage: list[str]


@dataclass(frozen=True, slots=True)
class _Kept:
    stills: list[Still]
    damage: list[str]


def collect(pairs: Iterable[tuple[Still, NDArray[np.float32]]], damage: list[str]) -> Judged:
    """Judged stills as one record; `damage` may grow while the pairs come."""
    judged = list(pairs)
    rows = [row for _, row in judged]
    return Judged(
        [still for still, _ in judged], np.stack(rows) if rows else np.zeros((0, 1), np.float32), damage
    )


def save_judged(judged: Judged, file: Path) -> None:
    """Keep in the journal as `file` (JSON, written last) and its fingerprints beside it."""
    write_array(file.with_suffix(".npy"), judged.prints)
    write_json(file, _Kept(judged.stills, judged.damage))


def load_judged(files: Iterable[Path]) -> Judged:
    """What save_judged kept in each file, together and in time order."""
    stills: list[Still] = []
    prints: list[NDArray[np.float32]] = []
    damage: list[str] = []
    for file in files:
        kept = read_json(file, _Kept)
        stills += kept.stills
        damage += kept.damage
        if kept.stills:
            prints.append(np.load(file.with_suffix(".npy"), allow_pickle=False))
    if not stills:
        return Judged([], np.zeros((0, 1), np.float32), damage)
    order = sorted(range(len(stills)), key=lambda i: stills[i].pts)
    return Judged([stills[i] for i in order], np.concatenate(prints)[order], damage)
