"""Artwork where it is wanted: files beside a film under a player's names, and pieces in a store's sizes."""

from artgen.delivery.layout import Kept, LaidOut, Placed, lay_out
from artgen.delivery.sizing import Sized, size_catalog

__all__ = ["Kept", "LaidOut", "Placed", "Sized", "lay_out", "size_catalog"]
