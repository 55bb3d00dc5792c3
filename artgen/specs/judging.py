"""Holding one piece of artwork to one asset of a profile: findings, each a sentence for a person."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from artgen.records import Box, area
from artgen.specs.profile import Asset, Level, Profile, Rule

TEXT_COVERS = 0.006  # of a piece: a line of small lettering; less is taken for texture
FACE_IN_ZONE = 0.05  # of a face's box: detectors' boxes differ by about this
TEXT_IN_ZONE = 0.25  # of a line's box, which has air around the letters


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file is. `width` and `height` in pixels; boxes in its pixels; `icc` is the profile's own name.

    `text_boxes` and `faces` are None where nobody looked; `subject` is a place as fractions, None: not known.
    """

    file: str
    format: str
    mode: str
    width: int
    height: int
    bytes: int
    icc: str | None
    text_boxes: tuple[Box, ...] | None = None
    faces: tuple[Box, ...] | None = None
    subject: tuple[float, float] | None = None

    def text_cover(self) -> float:
        """Part of the piece that lies in boxes of lettering."""
        return sum(area(box) for box in self.text_boxes or ()) / (self.width * self.height)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as asked. `level` "advice" does not fail a check; `sentence` says it all."""

    file: str
    variant: str
    asset: str
    rule: str
    level: Level
    found: str
    asked: str
    source: str
    sentence: str


Say = Callable[[Rule, str, str, str], Finding]


def judge(
    facts: Facts, asset: Asset, profile: Profile, *, variant: str, picture: tuple[int, int]
) -> list[Finding]:
    """Everything in a file that is not as the asset asks.

    Args:
        facts: the file.
        asset: of `profile`.
        profile: the target.
        variant: id in the catalog.
        picture: (width, height) of the film's active picture, for what it can give at most.
    """

    def say(rule: Rule, found: str, asked: str, remedy: str) -> Finding:
        source, level = profile.source_of(asset, rule), profile.level_of(asset, rule)
        verb = "asks for" if level == "must" else "advises"
        if source.standing == "read":
            origin = f"{source.where}, read {source.read}"
        else:
            origin = f"{source.where}, {source.standing}, {source.read}"
        sentence = (
            f"{facts.file} has {found}; {profile.name} {verb} {asked} for {asset.label} ({origin}): {remedy}."
        )
        return Finding(facts.file, variant, asset.id, rule, level, found, asked, origin, sentence)

    checks = (_format, _color, _bytes, _ratio, _size, _text, _zones, _focus)
    found: list[Finding] = []
    for check in checks:
        found += check(facts, asset, picture, say)
    return found


def largest_crop(picture: tuple[int, int], shape: Fraction) -> tuple[int, int]:
    """Width and height of the largest crop of a shape inside a picture, in whole pixels."""
    wide, high = picture
    if Fraction(wide, high) > shape:
        return max(1, int(high * shape)), high
    return wide, max(1, int(wide / shape))


def distance(aspect: Fraction, asset: Asset) -> float:
    """How far an aspect is from an asset's, as the logarithm of their ratio; 0 inside its range or where any will do."""
    if asset.ratio is None:
        turned = "square" if aspect == 1 else "landscape" if aspect > 1 else "portrait"
        return 0.0 if asset.orientation in (None, turned) else math.inf
    low, high = ratio_range(asset)
    if low <= aspect <= high:
        return 0.0
    return min(abs(math.log(aspect / low)), abs(math.log(aspect / high)))


def ratio_range(asset: Asset) -> tuple[float, float]:
    """Least and greatest width / height an asset may have."""
    shape = float(asset.shape() or 1)
    return asset.ratio_low or shape, asset.ratio_high or shape


def _format(facts: Facts, asset: Asset, _: tuple[int, int], say: Say) -> Iterator[Finding]:
    if facts.format not in asset.formats:
        asked = " or ".join(kind.upper() for kind in asset.formats)
        yield say("format", f"the format {facts.format.upper()}", asked, f"save it as {asked}")


def _color(facts: Facts, asset: Asset, _: tuple[int, int], say: Say) -> Iterator[Finding]:
    if asset.modes and facts.mode not in asset.modes:
        asked = " or ".join(asset.modes)
        yield say("color", f"the color mode {facts.mode}", asked, f"convert it to {asked}")
    if asset.icc is not None and (facts.icc is None or asset.icc.lower() not in facts.icc.lower()):
        found = "no color profile" if facts.icc is None else f"the color profile {facts.icc!r}"
        yield say("profile", found, f"an {asset.icc} profile", f"save it with the {asset.icc} profile")


def _bytes(facts: Facts, asset: Asset, _: tuple[int, int], say: Say) -> Iterator[Finding]:
    if asset.most_bytes is not None and facts.bytes > asset.most_bytes:
        yield say(
            "bytes",
            f"{facts.bytes:,} bytes",
            f"{asset.most_bytes:,} at most",
            "save it with a lower JPEG quality",
        )


def _ratio(facts: Facts, asset: Asset, _: tuple[int, int], say: Say) -> Iterator[Finding]:
    shape = asset.shape()
    if shape is None or _fits(facts.width, facts.height, asset, shape):
        return
    found = f"an aspect of {facts.width / facts.height:.4f} ({facts.width} x {facts.height})"
    low, high = ratio_range(asset)
    asked = f"{asset.ratio} ({float(shape):.4f})" if low == high else f"{low:.3f} to {high:.3f}"
    if asset.exact_ratio:
        asked = f"exactly {asset.ratio}"
    yield say("ratio", found, asked, f"crop it again with --aspect {asset.ratio}")


def _fits(wide: int, high: int, asset: Asset, shape: Fraction) -> bool:
    if asset.exact_ratio:
        return wide == high * shape
    low, high_ratio = ratio_range(asset)
    if low < high_ratio:
        return low <= wide / high <= high_ratio
    return abs(wide - high * shape) < 1 or abs(high - wide / shape) < 1  # the aspect to within a pixel


def _size(facts: Facts, asset: Asset, picture: tuple[int, int], say: Say) -> Iterator[Finding]:
    found = f"{facts.width} x {facts.height} pixels"
    least, most = asset.least, asset.most
    if least is not None and (facts.width < least[0] or facts.height < least[1]):
        asked = f"{'exactly' if least == most else 'at least'} {least[0]} x {least[1]}"
        yield say("size", found, asked, _larger(asset, least, picture))
    elif most is not None and (facts.width > most[0] or facts.height > most[1]):
        asked = f"{'exactly' if least == most else 'at most'} {most[0]} x {most[1]}"
        yield say("size", found, asked, "scale it down with --preset")


def _larger(asset: Asset, least: tuple[int, int], picture: tuple[int, int]) -> str:
    shape = asset.shape() or Fraction(*least)
    wide, high = largest_crop(picture, shape)
    if wide >= least[0] and high >= least[1]:
        return "the film's picture has room for it, so cut it larger with --preset"
    return (
        f"a picture of {picture[0]} x {picture[1]} gives {wide} x {high} of {shape.numerator}:{shape.denominator} "
        "at most without upscaling, so take it from a larger master"
    )


def _text(facts: Facts, asset: Asset, _: tuple[int, int], say: Say) -> Iterator[Finding]:
    if facts.text_boxes is None or asset.text == "any":
        return
    lettered = facts.text_cover() > TEXT_COVERS
    if asset.text == "none" and lettered:
        found = f"lettering over {facts.text_cover():.1%} of it"
        yield say("text", found, "a textless picture", "crop the lettering away or choose another still")
    if asset.text == "title" and not lettered:
        yield say("text", "no lettering", "the title on it", "compose it with the title treatment")


def _zones(facts: Facts, asset: Asset, _: tuple[int, int], say: Say) -> Iterator[Finding]:
    for zone in asset.zones:
        x1, y1, x2, y2 = zone.box
        box = (x1 * facts.width, y1 * facts.height, x2 * facts.width, y2 * facts.height)
        if "faces" in zone.free_of and _reach(facts.faces, box) > FACE_IN_ZONE:
            remedy = "choose a crop with more room there"
            yield say("zones", f"a face in the {zone.name}", "no faces there", remedy)
        lettered = "text" in zone.free_of and facts.text_cover() > TEXT_COVERS
        if lettered and _reach(facts.text_boxes, box) > TEXT_IN_ZONE:
            yield say("zones", f"lettering in the {zone.name}", "no lettering there", "move the title")


def _reach(boxes: tuple[Box, ...] | None, zone: Box) -> float:
    """The greatest part of any box that lies in a zone."""
    parts = [
        area((max(b[0], zone[0]), max(b[1], zone[1]), min(b[2], zone[2]), min(b[3], zone[3]))) / area(b)
        for b in boxes or ()
        if area(b) > 0
    ]
    return max(parts, default=0.0)


def _focus(facts: Facts, asset: Asset, _: tuple[int, int], say: Say) -> Iterator[Finding]:
    if asset.focus is None:
        return
    across = _subject_across(facts)
    if across is None or (across >= 0.5 if asset.focus == "right" else across <= 0.5):
        return
    found = f"its subject at {across:.0%} of the width"
    yield say("focus", found, f"it on the {asset.focus}", "choose a crop or a still with the subject there")


def _subject_across(facts: Facts) -> float | None:
    """The middle of the largest face, else of the subject, as a fraction of the width."""
    if facts.faces:
        largest = max(facts.faces, key=area)
        return (largest[0] + largest[2]) / 2 / facts.width
    return None if facts.subject is None else facts.subject[0]
