"""Takes key frames of a film with Katna: python katna.py FILM OUT NUMBER. Runs in Katna's own environment."""

import sys

from Katna.video import Video
from Katna.writer import KeyFrameDiskWriter


def main() -> None:
    """Write NUMBER pictures into OUT."""
    film, out, number = sys.argv[1:]
    Video().extract_video_keyframes(
        no_of_frames=int(number), file_path=film, writer=KeyFrameDiskWriter(location=out)
    )


if __name__ == "__main__":
    main()
