"""The detectors and the identity network, each loaded once."""

import pytest

from artgen.people import (
    DetectorSource,
    FaceDetector,
    Identifier,
    find_detector,
    load_detector,
    load_identifier,
)


@pytest.fixture(scope="session")
def hog() -> FaceDetector:
    """dlib's detector, which needs no file."""
    return load_detector(DetectorSource("dlib"))


@pytest.fixture(scope="session")
def identifier() -> Identifier:
    """The identity network."""
    return load_identifier()


@pytest.fixture(scope="session", params=["artgen", "dlib", "yunet"])
def detector(request: pytest.FixtureRequest) -> FaceDetector:
    """Each detector in turn: one suite for all."""
    if request.param == "yunet":
        return load_detector(DetectorSource("yunet", request.getfixturevalue("yunet_weights")))
    return load_detector(find_detector(request.param))
