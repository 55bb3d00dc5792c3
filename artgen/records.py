"""The nouns that pass between stages and lie in files; frozen, checked, one JSON form.

Units and conventions: integer pts and the title's time base are the truth, `_s` fields are for
people. Boxes are (x1, y1, x2, y2) in pixels of the upright, square-pixel picture. Scores are 0..1.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

FRAMES_FORMAT = 1
CATALOG_FORMAT = 1

Box = tuple[float, float, float, float]
PixelBox = tuple[int, int, int, int]
Point = tuple[float, float]
Transition = Literal["cut", "dissolve", "fade", "wipe", "none"]
Evidence = dict[str, Any]
ImageFormat = Literal["jpeg", "png", "webp"]
Edge = Literal["left", "right", "top", "bottom"]
DetectorName = Literal["auto", "yunet", "artgen", "dlib"]


@dataclass(frozen=True, slots=True)
class MeasureSpec:
    """What a measure says: its values lie in [low, high] of `unit` ("fraction", "degrees", "luma" ...)."""

    meaning: str
    unit: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Film:
    """The file a title was made from, known by its content."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Color:
    """How the film's samples are to be read, and what was done to show them as sRGB.

    `matrix`, `primaries` and `transfer` are ITU-T H.273 names in lower case ("bt709", "bt2020",
    "smpte2084", "arib-std-b67" ...), after defaults were filled in; `range` is "limited" or "full".
    """

    matrix: str
    primaries: str
    transfer: str
    range: Literal["limited", "full"]
    bit_depth: int
    assumed: tuple[str, ...] = ()
    tone_mapping: str | None = None


@dataclass(frozen=True, slots=True)
class Title:
    """A film as extract found it: title.json."""

    format: int
    artgen: str
    film: Film
    time_base: str
    start_pts: int
    duration_s: float
    frames: int
    width: int
    height: int
    sample_aspect: str
    rotation: int
    interlaced: bool
    color: Color
    active_picture: PixelBox
    settings: dict[str, Any]
    damage: tuple[str, ...] = ()

    def seconds(self, pts: int) -> float:
        """Seconds from the film's start to `pts`."""
        return float((pts - self.start_pts) * Fraction(self.time_base))


@dataclass(frozen=True, slots=True)
class Shot:
    """A run of frames from one camera take: [start_pts, end_pts). One line of shots.jsonl."""

    id: int
    start_pts: int
    end_pts: int
    start_s: float
    end_s: float
    frames: int
    transition_in: Transition
    transition_out: Transition


@dataclass(frozen=True, slots=True)
class Still:
    """One instant that was looked at as artwork: kept with a file, or rejected with a reason."""

    id: str
    shot: int
    pts: int
    time_s: float
    file: str | None
    measures: dict[str, float]
    gate: str | None
    score: float


@dataclass(frozen=True, slots=True)
class Expression:
    """How a face looks, as probabilities that add up to 1."""

    smile: float
    surprise: float
    fear: float
    anger: float
    disgust: float
    sadness: float
    neutral: float


@dataclass(frozen=True, slots=True)
class Face:
    """One face in one still: a line of faces.jsonl.

    `landmarks` are right eye, left eye, nose tip, right and left mouth corner (the person's own
    right), in pixels. Angles are degrees: yaw > 0 looks to the picture's right, pitch > 0 looks up,
    roll > 0 leans clockwise. `eyes_open` is the probability that they are open (0: both shut or nearly so),
    `mouth_open` that the lips are apart; those and `expression` are None when they cannot be told. `quality` is 0..1.
    """

    id: str
    still: str
    box: Box
    score: float
    landmarks: tuple[Point, ...]
    yaw_deg: float | None
    pitch_deg: float | None
    roll_deg: float | None
    eyes_open: float | None
    mouth_open: float | None
    quality: float
    expression: Expression | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Portrait:
    """Where a person is seen best."""

    still: str
    box: Box


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who appears in the title, leads first. `screen_share` is a fraction of the kept stills' shots' time."""

    id: str
    name: str | None
    faces: int
    stills: int
    screen_share: float
    first_s: float
    last_s: float
    portrait: Portrait
    name_similarity: float | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """Shots first_shot..last_shot (both included) of one place, time and company."""

    id: int
    first_shot: int
    last_shot: int
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Composition:
    """What one still looks like: a line of composition.jsonl.

    `measures` are named with their unit; docs/formats.md lists meaning and range of each.
    `shot_scale` is one of composition.SHOT_SCALES. `colors` are dominant sRGB colors as "#rrggbb"
    with the fraction of the picture each covers.
    """

    still: str
    measures: dict[str, float]
    shot_scale: str
    colors: tuple[tuple[str, float], ...]
    text_boxes: tuple[Box, ...]
    negative_space: Box | None
    saliency_center: Point


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag of one still. `raw` is the cosine similarity (or rule value), `score` is calibrated to 0..1."""

    still: str
    tag: str
    group: str
    raw: float
    score: float
    evidence: Evidence = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Crop:
    """Where to cut a still for an aspect, with every term of the choice."""

    aspect: str
    box: PixelBox
    score: float
    terms: dict[str, float]


@dataclass(frozen=True, slots=True)
class Rejected:
    """What lost against a choice, and why."""

    still: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Why:
    """Every term of a choice: `score` = sum of terms - sum of penalties, as they stand here."""

    score: float
    terms: dict[str, float]
    penalties: dict[str, float]
    gates: tuple[str, ...]
    notes: tuple[str, ...]
    nearest_rejected: Rejected | None


@dataclass(frozen=True, slots=True)
class FeatureBlock:
    """One block of the variant vector: `vector[offset:offset + length]`, each value in [low, high]."""

    name: str
    offset: int
    length: int
    meaning: str
    low: float
    high: float
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelUsed:
    """A model that had a part in a catalog or frames folder."""

    role: str
    id: str
    version: str
    sha256: str | None
    license: str
    precision: str
    device: str


@dataclass(frozen=True, slots=True)
class TagKind:
    """What a vocabulary says of a tag; `theme` names the kind of theme it can carry, None for none.

    `weak`: the model that was used gets it wrong too often to be relied on.
    """

    name: str
    group: str
    theme: Literal["genre", "tone", "relation", "place"] | None
    sensitivity: bool
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Tagging:
    """How a frames folder was tagged: tagging.json, written last by tag.

    `left_out` names stills that could not be read, a sentence each; `models_left_out` networks that were left out as not
    for commercial use, each as "ID: what that costs".
    """

    format: int
    artgen: str
    film_sha256: str
    settings: dict[str, Any]
    models: tuple[ModelUsed, ...]
    tags: tuple[TagKind, ...]
    left_out: tuple[str, ...]
    models_left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Theme:
    """What a set of variants is about."""

    id: str
    kind: Literal["genre", "tone", "relation", "person", "place", "general"]
    label: str
    score: float
    why: Why


@dataclass(frozen=True, slots=True)
class SpoilerGuard:
    """What of a film tells too much to whoever has not seen it; places are 0 at its start, 1 at its end.

    Films shorter than `from_duration_s` are not guarded. Stills later than `latest`, and people first seen
    later than `first_seen`, are worth less; uses say for themselves what they refuse.
    """

    from_duration_s: float
    latest: float
    first_seen: float


@dataclass(frozen=True, slots=True)
class UseRules:
    """What a variant must keep to for a use; None and absent tags: no rule.

    `tags` are the highest scores allowed; `most_text` the largest part of the variant that lettering may
    cover; `most_people` counts faces that stand out; `latest` is the still's place in the film and
    `first_seen` that of the first still of everybody in the variant, both in guarded films only.
    """

    meaning: str
    tags: dict[str, float] = field(default_factory=dict)
    most_text: float | None = None
    most_people: int | None = None
    latest: float | None = None
    first_seen: float | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """Which artwork is not for which use."""

    format: int
    name: str
    spoilers: SpoilerGuard
    uses: dict[str, UseRules]


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that is not kept: `what` names the tag or the person, `found` is over `limit`."""

    rule: Literal["tag", "text", "people", "late", "first seen late"]
    what: str
    found: float
    limit: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a policy says of a variant for one use.

    `eligible` is False where a rule is broken, None where no rule is but the tags `not_judged` are limited
    and the model that was used cannot judge them: a person has to look.
    """

    eligible: bool | None
    breaches: tuple[Breach, ...] = ()
    not_judged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """What a catalog for one use lacks: a still, or one aspect of it, and the rules it breaks."""

    still: str
    aspect: str | None
    breaches: tuple[Breach, ...]


@dataclass(frozen=True, slots=True)
class TitleSpace:
    """A calm box of a variant where a title could stand, in the variant's pixels.

    `area` is its part of the variant; `white` and `black` are the contrast ratios that such lettering has with
    all but the worst twentieth of it; `detail` is 0 where it is flat, 1 where as busy as calm allows; `safe`: no
    zone that a store or player wants free reaches it.
    """

    box: PixelBox
    area: float
    white: float
    black: float
    detail: float
    safe: bool


@dataclass(frozen=True, slots=True)
class Scrim:
    """A soft gradient under a title: its color as "#rrggbb", its greatest opacity 0..1, the sides it runs out to."""

    color: str
    opacity: float
    sides: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class TitledPiece:
    """A variant with its title on it, in a file of its own.

    `box` is what the lettering covers, in the variant's pixels, at the place `place`; `lines` are empty for a logo.
    `color` is the lettering's, None for a logo in its own. `contrast` is the least of any part of the lettering
    with what lies under and beside it, measured after the scrim (None: there is none).
    """

    file: str
    place: str
    box: PixelBox
    lines: tuple[str, ...]
    color: str | None
    contrast: float
    scrim: Scrim | None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """One piece of artwork: a crop of a still for a theme and an aspect. `sha256` is its file's, None where not known.

    `place` is the still's in the film, 0..1; `first_seen_s` tells when each of its people is first seen; `uses`
    is what the policy says, by use. `title_space` is where a title could stand, safe places first, then by size;
    `titled` the piece with one, where it was asked for.
    """

    id: str
    theme: str
    aspect: str
    file: str
    width: int
    height: int
    still: str
    time_s: float
    pts: int
    crop: PixelBox
    people: tuple[str, ...]
    tags: dict[str, float]
    scores: dict[str, float]
    vector: tuple[float, ...]
    why: Why
    sha256: str | None = None
    place: float | None = None
    first_seen_s: dict[str, float] = field(default_factory=dict)
    uses: dict[str, Verdict] = field(default_factory=dict)
    title_space: tuple[TitleSpace, ...] = ()
    titled: TitledPiece | None = None


@dataclass(frozen=True, slots=True)
class CatalogTitle:
    """The title a catalog was made from."""

    film: Film
    duration_s: float
    time_base: str
    width: int
    height: int
    active_picture: PixelBox


@dataclass(frozen=True, slots=True)
class Catalog:
    """catalog.json. `policy` is what `uses` of the variants were judged by; `use` the one it was made for, None for all.

    `refused` is what that use keeps out.
    """

    format: int
    artgen: str
    title: CatalogTitle
    settings: dict[str, Any]
    models: tuple[ModelUsed, ...]
    features: tuple[FeatureBlock, ...]
    people: tuple[Person, ...]
    themes: tuple[Theme, ...]
    variants: tuple[Variant, ...]
    policy: Policy | None = None
    use: str | None = None
    refused: tuple[Refused, ...] = ()

    def files(self) -> list[str]:
        """The files of all variants, those with a title too, relative to the catalog."""
        titled = [variant.titled.file for variant in self.variants if variant.titled is not None]
        return [*(variant.file for variant in self.variants), *titled]


def still_id(time_s: float) -> str:
    """The name of a still at `time_s` seconds, such as "00h01m23.456s"; sorts by time."""
    ms = round(max(time_s, 0.0) * 1000)
    hours, ms = divmod(ms, 3_600_000)
    minutes, ms = divmod(ms, 60_000)
    return f"{hours:02d}h{minutes:02d}m{ms // 1000:02d}.{ms % 1000:03d}s"


def rounded(values: dict[str, float], digits: int = 6) -> dict[str, float]:
    """The same measures with so many digits: short files, and bytes that do not hang on the last bit."""
    return {name: round(float(value), digits) for name, value in values.items()}


def area(box: Sequence[float]) -> float:
    """Area of a box in square pixels; 0 when it is empty."""
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def covered_fraction(window: Sequence[float], boxes: Iterable[Sequence[float]]) -> float:
    """Part of a window that lies in the boxes, 0..1; where boxes overlap, it counts twice."""
    x1, y1, x2, y2 = window
    inside = (area((max(x1, b[0]), max(y1, b[1]), min(x2, b[2]), min(y2, b[3]))) for b in boxes)
    return min(1.0, sum(inside, 0.0) / area(window))


def intersection_over_union(a: Sequence[float], b: Sequence[float]) -> float:
    """Overlap of two boxes as a fraction of their union, 0..1."""
    shared = area((max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])))
    union = area(a) + area(b) - shared
    return shared / union if union > 0 else 0.0
