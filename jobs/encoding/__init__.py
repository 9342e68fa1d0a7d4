"""Compressing a video: pure Python around ffmpeg, usable without a server, a database or Django.

options · recipes · codecs     what was asked for, and by which means it is done
probe → media → trim         what the source is, as `jobs.inspection` found it; what of it is wanted
preparation → cuts · plan    the story's beginning: whole, or a plan of pieces
offers                       before it: qualities to choose from
encoder                      whole: fitting, a method, then verify, then stills
pieces → clock · assembly    each piece by itself, proved to be what the plan says; joined, and verified
estimate                     what a job will bring, before it begins
encode → account             all of the source in one run, and what ffmpeg says of it
methods                      single: once; quality: towards a VMAF (search, vmaf); size: into so many bytes
command ← picture · tracks   argv, from what becomes of the picture (colour, combs), of every other stream, and of
          ← tags             what is said of the whole, and how long its last picture is shown (last_picture)
session → ffmpeg             one run of ffmpeg, told to a ProgressEstimator (progress), inside the sandbox and memory
"""

from jobs.encoding.accepts import Choice, Moment, Whole, on_the_clock
from jobs.encoding.args import EncodeArgs
from jobs.encoding.assembly import Piece, assemble
from jobs.encoding.clock import CannotCut
from jobs.encoding.codecs import CODECS
from jobs.encoding.cuts import Stretch, halves
from jobs.encoding.encoder import Outcome, compress
from jobs.encoding.estimate import Estimate, Learned, Seen
from jobs.encoding.ffmpeg import ffmpeg_binary, tools_version
from jobs.encoding.media import MediaInfo
from jobs.encoding.memory import memory_share
from jobs.encoding.methods.search import Trial
from jobs.encoding.offers import Offers, make_offers
from jobs.encoding.options import (
    DEFAULT_RECIPE,
    OPTIONS,
    Option,
    Options,
    goes_with,
    misfits,
    option_schemas,
    parse_options,
    title_of,
)
from jobs.encoding.pieces import PieceMade, encode_piece
from jobs.encoding.plan import Plan
from jobs.encoding.preparation import is_hopeless, prepare
from jobs.encoding.probe import inspect
from jobs.encoding.progress import PAUSED, PHASES, Progress, Report
from jobs.encoding.recipes import RECIPES, Recipe

__all__ = [
    "CODECS",
    "DEFAULT_RECIPE",
    "OPTIONS",
    "PAUSED",
    "PHASES",
    "RECIPES",
    "CannotCut",
    "Choice",
    "EncodeArgs",
    "Estimate",
    "Learned",
    "MediaInfo",
    "Moment",
    "Offers",
    "Option",
    "Options",
    "Outcome",
    "Piece",
    "PieceMade",
    "Plan",
    "Progress",
    "Recipe",
    "Report",
    "Seen",
    "Stretch",
    "Trial",
    "Whole",
    "assemble",
    "compress",
    "encode_piece",
    "ffmpeg_binary",
    "goes_with",
    "halves",
    "inspect",
    "is_hopeless",
    "make_offers",
    "memory_share",
    "misfits",
    "on_the_clock",
    "option_schemas",
    "parse_options",
    "prepare",
    "title_of",
    "tools_version",
]
