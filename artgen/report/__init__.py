"""The report: a catalog, its reasons and all candidates as one folder of pages to look at and to judge in."""

from artgen.report.serve import open_server
from artgen.report.stage import Reported, write_report

__all__ = ["Reported", "open_server", "write_report"]
