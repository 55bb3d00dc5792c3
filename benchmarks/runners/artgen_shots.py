"""Finds the shots of a film with artgen and nothing else: python artgen_shots.py FILM OUT.jsonl."""

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from artgen.extract import ExtractSettings
from artgen.machine import core_count
from artgen.shots import Signatures, find_shots, join_signatures, sign_frames
from artgen.video import Segment, plan_segments, probe, read_luma

DEFAULT_FRAME_S = 0.04


def main() -> None:
    """Sign every frame, as many segments at once as there are cores; find shots in the signatures meanwhile."""
    film, out = map(Path, sys.argv[1:])
    info = probe(film)

    def sign(segment: Segment) -> Signatures:
        frames = read_luma(info, segment, on_damage=lambda said: print(said, file=sys.stderr))
        return join_signatures([sign_frames(frames)])

    with ThreadPoolExecutor(core_count()) as pool:
        runs: Iterator[Signatures] = pool.map(sign, plan_segments(info, from_pts=None, to_pts=None))
        shots = find_shots(
            runs,
            time_base=info.time_base,
            start_pts=info.start_pts,
            frame_s=DEFAULT_FRAME_S,
            min_shot_s=ExtractSettings().min_shot_s,
        )
    out.write_text("".join(json.dumps(asdict(shot)) + "\n" for shot in shots))


if __name__ == "__main__":
    main()
