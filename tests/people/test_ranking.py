"""Leads come before extras, and the numbers of a person are those of their faces."""

import pytest

from artgen.people import rank_people
from artgen.records import Box, Face, Shot, Still


def shot(number: int, start_s: float, end_s: float) -> Shot:
    return Shot(number, int(start_s * 1000), int(end_s * 1000), start_s, end_s, 25, "cut", "cut")


def still(identity: str, *, of_shot: int, time_s: float, gate: str | None = None) -> Still:
    return Still(identity, of_shot, int(time_s * 1000), time_s, f"{identity}.jpg", {}, gate, 0.5)


def face(in_still: str, *, number: int = 0, height: float = 100.0, quality: float = 0.5) -> Face:
    box: Box = (10.0, 10.0, 10.0 + 0.8 * height, 10.0 + height)
    return Face(f"{in_still}/{number}", in_still, box, 0.9, (), None, None, None, None, None, quality)


SHOTS = [shot(0, 0, 10), shot(1, 10, 12), shot(2, 12, 20)]
STILLS = [
    still("a", of_shot=0, time_s=2),
    still("b", of_shot=0, time_s=6),
    still("c", of_shot=1, time_s=11),
    still("d", of_shot=2, time_s=15),
]


def test_the_one_on_screen_longer_comes_first() -> None:
    faces = [face("c"), face("d"), face("a"), face("b"), face("c", number=1)]

    named, people = rank_people(faces, [0, 0, 1, 1, 1], stills=STILLS, shots=SHOTS)

    assert [person.id for person in people] == ["person-01", "person-02"]
    assert [one.person for one in named] == ["person-02"] * 2 + ["person-01"] * 3
    assert people[0].screen_share == pytest.approx(12 / 20)
    assert people[1].screen_share == pytest.approx(10 / 20)


def test_a_shot_counts_once_however_many_stills_it_has() -> None:
    _, (person,) = rank_people([face("a"), face("b")], [0, 0], stills=STILLS, shots=SHOTS)

    assert person.screen_share == pytest.approx(10 / 20)
    assert (person.faces, person.stills) == (2, 2)
    assert (person.first_s, person.last_s) == (2, 6)


def test_at_equal_time_the_larger_face_comes_first() -> None:
    faces = [face("a", height=60), face("b", height=60), face("a", number=1), face("b", number=1)]

    named, _ = rank_people(faces, [0, 0, 1, 1], stills=STILLS, shots=SHOTS)

    assert [one.person for one in named] == ["person-02", "person-02", "person-01", "person-01"]


def test_somebody_in_one_still_comes_after_all_others() -> None:
    faces = [face("a", height=400), face("c", height=20), face("d", height=20)]

    named, _ = rank_people(faces, [0, 1, 1], stills=STILLS, shots=SHOTS)

    assert [one.person for one in named] == ["person-02", "person-01", "person-01"]


def test_the_portrait_is_the_best_face() -> None:
    faces = [face("a", quality=0.4), face("c", quality=0.8, height=70), face("d", quality=0.6)]

    _, (person,) = rank_people(faces, [0, 0, 0], stills=STILLS, shots=SHOTS)

    assert person.portrait.still == "c"
    assert person.portrait.box == faces[1].box


def test_nobodys_faces_make_no_person() -> None:
    named, people = rank_people([face("a"), face("b")], [-1, -1], stills=STILLS, shots=SHOTS)

    assert [one.person for one in named] == [None, None]
    assert people == []


def test_rejected_stills_do_not_lengthen_the_time_a_share_is_of() -> None:
    stills = [*STILLS[:3], still("d", of_shot=2, time_s=15, gate="blurred")]

    _, (person,) = rank_people([face("c")], [0], stills=stills, shots=SHOTS)

    assert person.screen_share == pytest.approx(2 / 12, abs=1e-6)


def test_ids_sort_as_people_do_when_there_are_hundreds() -> None:
    faces = [face("a", number=number) for number in range(120)]

    _, people = rank_people(faces, list(range(120)), stills=STILLS, shots=SHOTS)

    assert [person.id for person in people] == sorted(person.id for person in people)
    assert people[0].id == "person-001"


def test_a_face_of_an_unknown_still_is_refused() -> None:
    with pytest.raises(ValueError, match="stills that were not given: nowhere"):
        rank_people([face("nowhere")], [0], stills=STILLS, shots=SHOTS)


def test_groups_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one group a face"):
        rank_people([face("a")], [], stills=STILLS, shots=SHOTS)
