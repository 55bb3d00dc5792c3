"""Themes of a title, the stills that stand for them, and the variants they become."""

from artgen.artwork.candidates import Candidate, gather_candidates
from artgen.artwork.choosing import Choice, choose_stills
from artgen.artwork.describing import describe_variant, in_upright_picture
from artgen.artwork.picks import choose_around_picks
from artgen.artwork.provenance import Provenance
from artgen.artwork.render import render_variant
from artgen.artwork.sheet import SheetRow, SheetStill, contact_sheet, thumbnail
from artgen.artwork.spoilers import guard_spoilers
from artgen.artwork.subtitles import SubtitleBand, find_subtitle_band
from artgen.artwork.themes import find_themes
from artgen.artwork.titling import Titling, draw_title
from artgen.artwork.treatment import Treatment, read_treatment
from artgen.artwork.variants import DEFAULT_ASPECTS, Plan, check_aspects, plan_variants

__all__ = [
    "Candidate",
    "Choice",
    "DEFAULT_ASPECTS",
    "Plan",
    "Provenance",
    "SheetRow",
    "SheetStill",
    "SubtitleBand",
    "Titling",
    "Treatment",
    "check_aspects",
    "choose_around_picks",
    "choose_stills",
    "contact_sheet",
    "describe_variant",
    "draw_title",
    "find_subtitle_band",
    "find_themes",
    "gather_candidates",
    "guard_spoilers",
    "in_upright_picture",
    "plan_variants",
    "read_treatment",
    "render_variant",
    "thumbnail",
]
