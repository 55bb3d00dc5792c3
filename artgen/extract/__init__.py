"""Stage one: a film becomes shots, and the few stills in each that could be artwork."""

from artgen.extract.film import Extracted, extract_film
from artgen.extract.settings import ExtractSettings, seconds_of

__all__ = ["ExtractSettings", "Extracted", "extract_film", "seconds_of"]
