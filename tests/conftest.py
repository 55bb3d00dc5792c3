"""What tests share: where real media lies, and the ffmpeg program that makes ground truth."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared_media() -> Path:
    """The folder of real films, odd files and faces that lies beside a checkout; not part of the repository."""
    folder = SHARED / "media"
    if not folder.is_dir():
        pytest.skip("../shared/media is not here: real films, odd files and faces cannot be tried")
    return folder


@pytest.fixture(scope="session")
def yunet_weights() -> Path:
    """The YuNet face detector's weights; not part of the repository."""
    found = sorted((SHARED / "weights").glob("face_detection_yunet*.onnx"))
    if not found:
        pytest.skip("../shared/weights has no YuNet: the better face detector cannot be tried")
    return found[0]


@pytest.fixture(scope="session")
def ffmpeg() -> str:
    """The ffmpeg program, independent of the libraries artgen decodes with."""
    import imageio_ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_exe())
