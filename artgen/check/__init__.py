"""Holding a catalog's files to what a store or player asks for."""

from artgen.check.stage import Checked, PieceChecked, check_catalog

__all__ = ["Checked", "PieceChecked", "check_catalog"]
