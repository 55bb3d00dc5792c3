"""What the page is given: the nouns of its data, all of them plain JSON. Boxes are fractions of their picture."""

from dataclasses import dataclass
from typing import Any

from artgen.records import Box, Evidence, Why
from artgen.review import Remark


@dataclass(frozen=True, slots=True)
class PageFace:
    """A face in a still; `person` is a place in the page's people, None for nobody's."""

    box: Box
    person: int | None
    quality: float
    eyes_open: float | None


@dataclass(frozen=True, slots=True)
class PageStill:
    """A kept still. `tags` pairs places in the page's tags with scores, best first; `measures` follow `measures`
    of the page; `place` is on the map, 0..1; `alike` are places of other stills, nearest first.
    """

    id: str
    time: float
    shot: int
    scene: int | None
    score: float
    small: str | None
    large: str | None
    scale: str
    people: tuple[int, ...]
    faces: tuple[PageFace, ...]
    tags: tuple[tuple[int, float], ...]
    measures: tuple[float | None, ...]
    colors: tuple[str, ...]
    place: tuple[float, float]
    alike: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PagePerson:
    """A person; `screen_s` is seconds of the shots they are seen in, `spans` those shots' times."""

    id: str
    name: str
    named: bool
    portrait: str | None
    stills: int
    screen_s: float
    share: float
    first: float
    last: float
    spans: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class PageTag:
    """A tag that a still may have."""

    name: str
    group: str
    sensitive: bool


@dataclass(frozen=True, slots=True)
class PageMeasure:
    """What a number of `PageStill.measures` means."""

    name: str
    meaning: str
    unit: str
    group: str


@dataclass(frozen=True, slots=True)
class PageUse:
    """A use that the catalog's policy names."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class PageVerdict:
    """Whether a variant is for a use, None where nobody has judged it; `reasons` say why not."""

    eligible: bool | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageVariant:
    """A crop of a chosen still; `box` is in the still, `titled` the file of its piece with the title, if any.

    `uses` follow `uses` of the page; `not_judged` are tags that keep some of them from being judged.
    """

    id: str
    aspect: str
    file: str | None
    width: int
    height: int
    box: Box
    people: tuple[int, ...]
    scores: dict[str, float]
    titled: str | None
    notes: tuple[str, ...]
    uses: tuple[PageVerdict, ...]
    not_judged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageChoice:
    """A still that stands for a theme. `rival` is the place of the nearest rejected still, None if it was not kept."""

    still: int
    why: Why
    rival: int | None
    variants: tuple[PageVariant, ...]
    evidence: dict[str, Evidence]


@dataclass(frozen=True, slots=True)
class PageTheme:
    """A theme with the stills that stand for it, in the catalog's order."""

    id: str
    kind: str
    label: str
    score: float
    why: Why
    choices: tuple[PageChoice, ...]


@dataclass(frozen=True, slots=True)
class PageFilm:
    """The film; `width` and `height` are those of its stills."""

    name: str
    sha256: str
    duration: float
    width: int
    height: int
    settings: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PageShot:
    """A shot, in seconds."""

    id: int
    start: float
    end: float
    into: str


@dataclass(frozen=True, slots=True)
class PageScene:
    """Shots `first`..`last`, in seconds."""

    id: int
    first: int
    last: int
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Page:
    """All of it."""

    artgen: str
    film: PageFilm
    shots: tuple[PageShot, ...]
    scenes: tuple[PageScene, ...]
    people: tuple[PagePerson, ...]
    tags: tuple[PageTag, ...]
    measures: tuple[PageMeasure, ...]
    stills: tuple[PageStill, ...]
    themes: tuple[PageTheme, ...]
    uses: tuple[PageUse, ...]
    rejected: dict[str, int]
    models: tuple[str, ...]
    review: tuple[Remark, ...]
