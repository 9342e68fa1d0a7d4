"""Compressing a video: pure Python around ffmpeg, usable without a server, a database or Django."""

from jobs.encoding.encoder import Outcome, compress
from jobs.encoding.ffmpeg import ffmpeg_binary, tools_version
from jobs.encoding.media import MediaInfo
from jobs.encoding.order import Order, fields_schema, parse_order
from jobs.encoding.probe import inspect
from jobs.encoding.progress import PHASES, Progress, Report
from jobs.encoding.recipes import RECIPES, Recipe

__all__ = [
    "PHASES",
    "RECIPES",
    "MediaInfo",
    "Order",
    "Outcome",
    "Progress",
    "Recipe",
    "Report",
    "compress",
    "ffmpeg_binary",
    "fields_schema",
    "inspect",
    "parse_order",
    "tools_version",
]
