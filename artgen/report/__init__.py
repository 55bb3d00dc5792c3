"""The report: a catalog, its reasons and all candidates as one folder of pages to look at and to judge in."""

from artgen.report.serve import open_server, serve_report
from artgen.report.stage import Reported, write_report

__all__ = ["Reported", "open_server", "serve_report", "write_report"]
