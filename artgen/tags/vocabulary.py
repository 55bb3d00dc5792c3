"""The vocabulary: groups of tags, the sentences that describe each, and what else speaks for it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from artgen.errors import InputError, machine_faults
from artgen.records import TagKind
from artgen.tags.observation import SIGNALS
from artgen.weights import models_folder

VOCABULARY_FORMAT = 1
MOST_BYTES = 1_000_000
MOST_TAGS = 500
MOST_SENTENCES = 64  # of one tag, templates applied
LONGEST_PROMPT = 200
TAG_REFERENCE = "tag:"
_NAME = re.compile(r"[a-z0-9][a-z0-9 '&/-]{0,39}")

Theme = Literal["genre", "tone", "relation", "place"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VocabularyTag:
    """One tag as the vocabulary describes it, templates applied and the group's evidence added.

    `model` is how much the picture-text model counts: 1 in full, 0 not at all. `evidence` maps a
    name of SIGNALS, or "tag:" and another tag, to the log-odds it adds at full strength.
    `title_wide`: a property of the film rather than of the still. `not_with`: ids of models that
    know it no better than chance; it is not offered with these. `weak_with`: ids of models that know
    it a little better; with these it is offered, but too often wrong to carry a theme or to be judged by.
    """

    name: str
    group: str
    sentences: tuple[str, ...]
    theme: Theme | None
    sensitivity: bool
    exclusive: bool
    title_wide: bool
    model: float
    evidence: dict[str, float]
    not_with: tuple[str, ...]
    weak_with: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Tags in the order of the file; names are unique over all groups."""

    name: str
    tags: tuple[VocabularyTag, ...]

    def offered(self, model_id: str) -> tuple[VocabularyTag, ...]:
        """The tags that this model can be asked for."""
        return tuple(tag for tag in self.tags if model_id not in tag.not_with)

    def kinds(self, model_id: str | None = None) -> tuple[TagKind, ...]:
        """What themes need to know of the tags; of those that `model_id` offers, when one is given."""
        tags = self.tags if model_id is None else self.offered(model_id)
        return tuple(
            TagKind(
                tag.name,
                tag.group,
                None if model_id in tag.weak_with else tag.theme,
                tag.sensitivity,
                weak=model_id in tag.weak_with,
            )
            for tag in tags
        )


class _FileTag(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    prompts: list[str]
    theme: Theme | None = None
    sensitivity: bool = False
    title_wide: bool = False
    model: float = 1.0
    evidence: dict[str, float] = {}
    not_with: list[str] = []
    weak_with: list[str] = []


class _FileGroup(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    tags: list[_FileTag]
    templates: tuple[str, ...] = ("{}",)
    exclusive: bool = False
    evidence: dict[str, float] = {}


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: int
    name: str
    groups: list[_FileGroup]


def load_vocabulary(path: Path | None = None) -> Vocabulary:
    """Read a vocabulary file; None reads artgen's own, models/vocabulary.json.

    Raises:
        InputError: the file is missing, too large, not JSON, or breaks a rule of docs/tags.md; the
            message names the file and the place in it.
        MachineError: it may not be read.
    """
    path = models_folder() / "vocabulary.json" if path is None else path
    file = _decode(path)
    if file.format != VOCABULARY_FORMAT:
        raise _fault(path, "$.format", f"format {file.format}, this artgen reads format {VOCABULARY_FORMAT}")
    tags: list[VocabularyTag] = []
    for g, group in enumerate(file.groups):
        for fault in _group_faults(group):
            raise _fault(path, f"$.groups[{g}]{fault[0]}", fault[1])
        for t, tag in enumerate(group.tags):
            for fault in _tag_faults(tag, group):
                raise _fault(path, f"$.groups[{g}].tags[{t}]{fault[0]}", fault[1])
            tags.append(_joined(tag, group))
    _check_whole(path, tags)
    return Vocabulary(file.name, tuple(tags))


def _decode(path: Path) -> _File:
    try:
        with machine_faults(path), path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except (FileNotFoundError, IsADirectoryError) as absent:
        raise InputError(f"{path}: there is no such vocabulary file; check the path.") from absent
    if len(data) > MOST_BYTES:
        raise InputError(f"{path}: the vocabulary is larger than {MOST_BYTES} bytes; make it smaller.")
    try:
        return msgspec.json.decode(data, type=_File, strict=True)
    except msgspec.ValidationError as wrong:
        text = str(wrong)
        raise InputError(f"{path}: the vocabulary is not as docs/tags.md describes: {text}.") from wrong
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as broken:
        raise InputError(f"{path}: the vocabulary is not valid JSON ({broken}); correct it.") from broken


def _fault(path: Path, place: str, found: str) -> InputError:
    return InputError(f"{path}: the vocabulary has {found} - at `{place}`; correct it there.")


def _group_faults(group: _FileGroup) -> Iterator[tuple[str, str]]:
    if not _NAME.fullmatch(group.name):
        yield (
            ".name",
            f"the group name {group.name!r}, names are 1 to 40 lower-case letters, digits and spaces",
        )
    if not group.tags:
        yield ".tags", f"no tag in the group {group.name!r}"
    if not group.templates:
        yield ".templates", "an empty list of templates"
    for i, template in enumerate(group.templates):
        if template.count("{}") != 1 or len(template) > LONGEST_PROMPT:
            yield f".templates[{i}]", f"the template {template[:60]!r}, it must hold {{}} exactly once"
    yield from _evidence_faults(group.evidence)


def _tag_faults(tag: _FileTag, group: _FileGroup) -> Iterator[tuple[str, str]]:
    if not _NAME.fullmatch(tag.name):
        yield ".name", f"the tag name {tag.name!r}, names are 1 to 40 lower-case letters, digits and spaces"
    if not tag.prompts:
        yield ".prompts", f"no prompt for the tag {tag.name!r}"
    for i, prompt in enumerate(tag.prompts):
        if not prompt.strip() or len(prompt) > LONGEST_PROMPT:
            yield f".prompts[{i}]", f"a prompt that is empty or longer than {LONGEST_PROMPT} characters"
    if len(tag.prompts) * len(group.templates) > MOST_SENTENCES:
        yield ".prompts", f"more than {MOST_SENTENCES} prompts times templates for the tag {tag.name!r}"
    if not 0 <= tag.model <= 1:
        yield ".model", f"the model weight {tag.model}, it must be from 0 to 1"
    if tag.model == 0 and not (tag.evidence or group.evidence):
        yield ".evidence", f"neither model weight nor evidence for the tag {tag.name!r}"
    yield from _evidence_faults(tag.evidence)


def _evidence_faults(evidence: dict[str, float]) -> Iterator[tuple[str, str]]:
    for name, weight in evidence.items():
        if not name.startswith(TAG_REFERENCE) and name not in SIGNALS:
            yield (
                f".evidence.{name}",
                f"the unknown evidence {name!r}, known are {', '.join(sorted(SIGNALS))}",
            )
        if not -10 <= weight <= 10:
            yield f".evidence.{name}", f"the weight {weight}, weights are from -10 to 10"


def _joined(tag: _FileTag, group: _FileGroup) -> VocabularyTag:
    evidence = dict(group.evidence)
    for name, weight in tag.evidence.items():
        evidence[name] = evidence.get(name, 0.0) + weight
    return VocabularyTag(
        name=tag.name,
        group=group.name,
        sentences=tuple(template.format(prompt) for prompt in tag.prompts for template in group.templates),
        theme=tag.theme,
        sensitivity=tag.sensitivity,
        exclusive=group.exclusive,
        title_wide=tag.title_wide,
        model=tag.model,
        evidence=evidence,
        not_with=tuple(tag.not_with),
        weak_with=tuple(tag.weak_with),
    )


def _check_whole(path: Path, tags: list[VocabularyTag]) -> None:
    """Refuse too many tags, one name twice, and references that lead nowhere or in a circle."""
    if not tags:
        raise _fault(path, "$.groups", "no tag at all")
    if len(tags) > MOST_TAGS:
        raise _fault(path, "$.groups", f"{len(tags)} tags, more than {MOST_TAGS}")
    by_name = {tag.name: tag for tag in tags}
    if len(by_name) < len(tags):
        names = [tag.name for tag in tags]
        twice = next(name for i, name in enumerate(names) if name in names[:i])
        raise _fault(path, "$.groups", f"the tag {twice!r} twice")
    for tag in tags:
        for name in tag.evidence:
            if not name.startswith(TAG_REFERENCE):
                continue
            other = by_name.get(name.removeprefix(TAG_REFERENCE))
            if other is None:
                raise _fault(path, f"evidence of {tag.name}", f"evidence {name!r}, and no such tag")
    for tag in tags:
        circle = _circle(tag.name, by_name, ())
        if circle:
            raise _fault(
                path, f"evidence of {tag.name}", f"tags that rest on each other ({' on '.join(circle)})"
            )


def _circle(name: str, by_name: dict[str, VocabularyTag], walked: tuple[str, ...]) -> tuple[str, ...]:
    """The references that lead from a tag back to itself; empty when none do."""
    if name in walked:
        return (*walked[walked.index(name) :], name)
    for evidence in by_name[name].evidence:
        if evidence.startswith(TAG_REFERENCE):
            found = _circle(evidence.removeprefix(TAG_REFERENCE), by_name, (*walked, name))
            if found:
                return found
    return ()
