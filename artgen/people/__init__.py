"""Faces in stills, who is who over a title, and who that is by name; see docs/people.md."""

from artgen.people.cast import Actor, Cast, name_people, read_cast
from artgen.people.describe import describe_faces
from artgen.people.detect import DetectorSource, FaceDetector, find_detector, load_detector
from artgen.people.detection import Detection
from artgen.people.grouping import group_faces
from artgen.people.identity import Identifier, load_identifier
from artgen.people.ranking import rank_people

__all__ = [
    "Actor",
    "Cast",
    "Detection",
    "DetectorSource",
    "FaceDetector",
    "Identifier",
    "describe_faces",
    "find_detector",
    "group_faces",
    "load_detector",
    "load_identifier",
    "name_people",
    "rank_people",
    "read_cast",
]
