"""Where a piece of artwork came from, as an XMP packet inside its file.

Source: ISO 16684-1 (XMP); Adobe, "XMP Specification Part 3", for JPEG.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from artgen.records import ModelUsed, PixelBox

NAMESPACE = "urn:artgen:provenance:1:"
MOST_NAME = 200  # characters of a file name or model id: a packet must fit one JPEG segment of 64 KB
MOST_MODELS = 16


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a file says about its origin. `crop` is in pixels of the upright picture."""

    artgen: str
    film_name: str
    film_sha256: str
    variant: str
    still: str
    pts: int
    time_base: str
    time_s: float
    crop: PixelBox
    models: tuple[ModelUsed, ...]


def xmp_packet(provenance: Provenance) -> bytes:
    """The XMP packet of a provenance: UTF-8, well-formed whatever the names hold, always the same bytes."""
    fields = {
        "filmName": provenance.film_name[:MOST_NAME],
        "filmSha256": provenance.film_sha256,
        "variant": provenance.variant,
        "still": provenance.still,
        "pts": str(provenance.pts),
        "timeBase": provenance.time_base,
        "timeSeconds": f"{provenance.time_s:.3f}",
        "crop": " ".join(str(side) for side in provenance.crop),
    }
    lines = [
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>',
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">',
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
        '<rdf:Description rdf:about=""',
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/"',
        f" xmlns:artgen={quoteattr(NAMESPACE)}",
        f" xmp:CreatorTool={_attribute('artgen ' + provenance.artgen)}",
        *(f" artgen:{name}={_attribute(value)}" for name, value in fields.items()),
        ">",
        "<artgen:models><rdf:Bag>",
        *_models(provenance.models),
        "</rdf:Bag></artgen:models>",
        "</rdf:Description></rdf:RDF></x:xmpmeta>",
        '<?xpacket end="r"?>',
    ]
    return "\n".join(lines).encode()


def _models(models: Sequence[ModelUsed]) -> list[str]:
    return [
        f"<rdf:li>{escape(_legal(f'{m.role}: {m.id[:MOST_NAME]} {m.version[:MOST_NAME]} sha256:{m.sha256 or None}'))}</rdf:li>"
        for m in models[:MOST_MODELS]
    ]


def _attribute(value: str) -> str:
    return quoteattr(_legal(value))


def _legal(text: str) -> str:
    """The text without the characters XML 1.0 cannot hold (controls, halves of surrogate pairs)."""
    return "".join(
        c
        if c in "\t\n\r" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000"
        else "\ufffd"
        for c in text
    )
