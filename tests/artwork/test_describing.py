"""The numbers of a variant say what is in its crop."""

import pytest
from helpers.candidates import HEIGHT, candidate

from artgen.artwork import Choice, Plan, describe_variant, find_themes, in_upright_picture
from artgen.artwork.describing import FACES
from artgen.artwork.room import NO_ROOM, Room
from artgen.artwork.variants import faces_inside, file_name
from artgen.composition import MEASURES, SHOT_SCALES
from artgen.records import Crop, TitleSpace, Why

SIZE = (1600, HEIGHT)
WHY = Why(0.5, {"technical": 0.5}, {}, (), (), None)


def described(
    box: tuple[int, int, int, int], room: Room = NO_ROOM, **options: object
) -> dict[str, list[float]]:
    still = candidate(25.0, **options)  # type: ignore[arg-type]
    plan = Plan(
        Choice(find_themes([still], [], [])[0], still, WHY),
        "1:1",
        Crop("1:1", box, 0.9, {}),
        faces_inside(still.faces, box),
        room,
    )
    return describe_variant(
        plan,
        size=SIZE,
        duration_s=100.0,
        people=["p1", "p2"],
        tags=["comedy", "kiss"],
        scales=SHOT_SCALES,
        measures=MEASURES,
    )


def test_people_are_as_high_as_their_face_in_the_variant_and_absent_when_cropped_away() -> None:
    whole = described((0, 0, 1600, 1000), people=("p1", "p2"))
    part = described((0, 0, 390, 400), people=("p1", "p2"))

    assert whole["people"][:3] == pytest.approx([0.2, 0.2, 0.0])
    assert part["people"][:3] == pytest.approx([0.5, 0.0, 0.0])
    assert dict(zip(FACES, whole["faces"], strict=True))["count_of_ten"] == pytest.approx(0.2)


def test_without_a_face_nothing_is_said_of_faces() -> None:
    values = described((0, 0, 1600, 1000))

    assert values["faces"] == [0.0] * len(FACES)
    assert values["gaze"] == [0.0, 0.0]
    assert values["placement"] == pytest.approx([0.5, 0.5, 1.0, 1.0])


def test_the_room_for_a_title_is_its_largest_safe_place() -> None:
    edge = TitleSpace((0, 0, 500, 200), 0.2, 2.0, 10.5, 0.1, safe=False)
    safe = TitleSpace((100, 500, 300, 700), 0.08, 10.5, 2.0, 0.1, safe=True)

    assert described((0, 0, 500, 1000), Room((edge, safe)))["title_space"] == [0.08, 0.4, 0.6, 0.5]
    assert described((0, 0, 500, 1000), Room((edge,)))["title_space"] == [0.0] * 4


def test_tags_scale_time_and_shape_are_there() -> None:
    values = described((0, 0, 500, 1000), comedy=0.75)

    assert values["tags"] == [0.75, 0.0]
    assert dict(zip(SHOT_SCALES, values["scale"], strict=True))["medium"] == 1.0
    assert sum(values["scale"]) == 1.0
    assert values["time"] == [0.25]
    assert values["aspect"] == [-1.0]


def test_a_crop_of_the_active_picture_is_told_in_the_upright_picture() -> None:
    assert in_upright_picture((10, 0, 110, 50), (4, 20, 636, 380)) == (14, 20, 114, 70)


def test_theme_ids_become_folder_names_that_never_meet() -> None:
    names = [
        "genre:comedy",
        "genre:Comedy",
        "genre:science fiction",
        "genre:恐怖",
        "genre:ホラー",
        "genre:../x",
        "a" * 300,
    ]

    folders = [file_name(name) for name in names]

    assert folders[0] == "genre-comedy"
    assert folders[2] == "genre-science_fiction"
    assert len({folder.lower() for folder in folders}) == len(names)
    assert all(len(folder) < 60 for folder in folders)
    assert all("/" not in folder and ".." not in folder for folder in folders)
