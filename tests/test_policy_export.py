"""What a policy does to a catalog: every variant says what it is for, and a catalog for one use says what it lacks."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from helpers.frames import KINDS, build_frames

from artgen.catalog import read_catalog, validate_catalog
from artgen.errors import UsageError
from artgen.export import export_catalog
from artgen.folder import FramesFolder, read_json, write_json
from artgen.progress import Silent
from artgen.records import Breach, Catalog, Person, Tagging, Title
from artgen.review import Remark

GORY = "00h00m14.000s"  # the still of helpers.frames with gore at 0.8
RULES: dict[str, Any] = {
    "front": {"meaning": "a front page", "tags": {"gore": 0.5}},
    "all": {"meaning": "all of it"},
}


@pytest.fixture
def frames(tmp_path: Path) -> FramesFolder:
    return build_frames(tmp_path / "frames")


def export(
    frames: FramesFolder, uses: dict[str, Any] = RULES, *, use: str | None = None, **spoilers: float
) -> Catalog:
    guard = {"from_duration_s": 1200, "latest": 0.75, "first_seen": 0.5} | spoilers
    policy = frames.root.parent / "policy.json"
    policy.write_text(json.dumps({"format": 1, "name": "mine", "spoilers": guard, "uses": uses}))
    where = frames.root.parent / "catalog.json"
    made = export_catalog(where, frames=frames.root, per_theme=10, policy=policy, use=use, progress=Silent())
    assert validate_catalog(where) == read_catalog(where)
    catalog = read_catalog(where)
    assert made.variants == len(catalog.variants)
    return catalog


def test_nothing_is_dropped_and_each_variant_says_what_it_is_not_for(frames: FramesFolder) -> None:
    plain = export(frames, {"all": RULES["all"]})
    judged = export(frames)

    assert [v.id for v in judged.variants] == [v.id for v in plain.variants]
    assert judged.refused == ()
    assert judged.policy is not None
    assert list(judged.policy.uses) == ["front", "all"]
    gory = [v for v in judged.variants if v.still == GORY]
    assert gory, "the gory still is in the catalog"
    for variant in judged.variants:
        verdict = variant.uses["front"]
        assert verdict.eligible is (variant.still != GORY)
        assert verdict.breaches == ((Breach("tag", "gore", 0.8, 0.5),) if variant.still == GORY else ())
        assert variant.uses["all"].eligible is True


def test_a_catalog_for_one_use_lacks_what_is_not_for_it_and_lists_that(frames: FramesFolder) -> None:
    catalog = export(frames, use="front")

    assert catalog.use == "front"
    assert GORY not in {variant.still for variant in catalog.variants}
    assert [(one.still, one.aspect) for one in catalog.refused] == [(GORY, None)]
    assert catalog.refused[0].breaches == (Breach("tag", "gore", 0.8, 0.5),)
    assert all(variant.uses["front"].eligible for variant in catalog.variants)


def test_notes_say_how_much_a_use_keeps_out_and_what_nobody_judged(frames: FramesFolder) -> None:
    rules = {"front": {"meaning": "", "tags": {"gore": 0.5, "smoking": 0.5}}}
    policy = frames.root.parent / "p.json"
    guard = {"from_duration_s": 1200, "latest": 0.75, "first_seen": 0.5}
    policy.write_text(json.dumps({"format": 1, "name": "mine", "spoilers": guard, "uses": rules}))

    made = export_catalog(
        frames.root.parent / "c.json", frames=frames.root, policy=policy, use="front", progress=Silent()
    )

    assert (
        "Made for front only: of 10 stills 1 are kept out of it, and 0 crops (gore: 1); "
        "the catalog lists each under refused." in made.notes
    )
    assert any(note.startswith("Nobody has judged smoking,") for note in made.notes)


def test_a_weak_models_score_decides_nothing_and_a_person_has_to_look(frames: FramesFolder) -> None:
    tagging = read_json(frames.tagging, Tagging)
    kinds = tuple(replace(kind, weak=kind.name == "gore") for kind in KINDS)
    write_json(frames.tagging, replace(tagging, tags=kinds))

    catalog = export(frames, use="front")

    verdict = next(v for v in catalog.variants if v.still == GORY).uses["front"]
    assert (verdict.eligible, verdict.breaches, verdict.not_judged) == (None, (), ("gore",))
    assert catalog.refused == ()


def test_late_stills_and_late_people_are_refused_in_a_film_that_is_long_enough(frames: FramesFolder) -> None:
    ada, other = read_json(frames.people, list[Person])
    write_json(frames.people, [ada, replace(other, first_s=22.0)])  # of 40 s
    rules = {"front": {"meaning": "", "latest": 0.75, "first_seen": 0.5}}

    short, guarded = export(frames, rules), export(frames, rules, from_duration_s=30)

    assert all(v.uses["front"].eligible for v in short.variants)
    for variant in guarded.variants:
        found = {breach.rule for breach in variant.uses["front"].breaches}
        assert ("late" in found) == (variant.time_s > 30)
        assert ("first seen late" in found) == ("p2" in variant.people)
        assert variant.place == pytest.approx(variant.time_s / 40)
        assert ("late in the film" in variant.why.penalties) == (variant.time_s > 30)
        assert ("someone seen late" in variant.why.penalties) == ("p2" in variant.people)


def test_first_seen_names_the_people_of_the_crop(frames: FramesFolder) -> None:
    for variant in export(frames).variants:
        assert list(variant.first_seen_s) == list(variant.people)
        assert set(variant.first_seen_s.values()) <= {2.0, 6.0}


def test_a_crop_alone_can_be_refused_with_its_reason_beside_the_others(frames: FramesFolder) -> None:
    catalog = export(frames, {"empty": {"meaning": "scenery", "most_people": 0}}, use="empty")

    assert catalog.variants == ()
    assert {one.aspect for one in catalog.refused} == {"16:9", "2:3", "1:1"}
    assert {breach.rule for one in catalog.refused for breach in one.breaches} == {"people"}


def test_a_pick_is_not_for_a_use_either_and_that_is_said(frames: FramesFolder) -> None:
    sha256 = read_json(frames.title, Title).film.sha256
    remark = Remark(film_sha256=sha256, still=GORY, verdict="up", at="2026-01-31T12:00:00Z")
    (frames.root / "review.jsonl").write_bytes(msgspec.json.encode(remark) + b"\n")
    assert GORY in {variant.still for variant in export(frames).variants}

    policy = frames.root.parent / "policy.json"
    made = export_catalog(
        frames.root.parent / "catalog.json", frames=frames.root, policy=policy, use="front", progress=Silent()
    )

    assert f"{GORY} was picked by a person, but is not for front: gore 0.80, at most 0.50." in made.notes


def test_a_use_the_policy_lacks_is_told_before_anything_is_written(frames: FramesFolder) -> None:
    with pytest.raises(UsageError, match="no use 'cinema'"):
        export_catalog(frames.root.parent / "new.json", frames=frames.root, use="cinema", progress=Silent())

    assert not (frames.root.parent / "new.json").exists()
