"""The detectors and the identity network, each loaded once."""

import pytest

from artgen.people import FaceDetector, Identifier, load_detector, load_identifier


@pytest.fixture(scope="session")
def hog() -> FaceDetector:
    """The detector that is always there."""
    return load_detector(None)


@pytest.fixture(scope="session")
def identifier() -> Identifier:
    """The identity network."""
    return load_identifier()


@pytest.fixture(scope="session", params=["dlib-hog", "yunet"])
def detector(request: pytest.FixtureRequest) -> FaceDetector:
    """Each detector in turn: one suite for both."""
    if request.param == "dlib-hog":
        return load_detector(None)
    return load_detector(request.getfixturevalue("yunet_weights"))
