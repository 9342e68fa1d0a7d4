"""The list of somebody's videos on the page: searched by name, filtered, sorted, and cut into pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import F, OrderBy

from jobs import schedule
from jobs.documents import Snapshot
from jobs.models import Job, Owner
from jobs.snapshot import snapshot
from jobs.states import LIVE, State

PAGE = 50  # cards
LAST_PAGE = 1000  # nobody keeps more, and whoever asks for more is not a person

SHOW = {
    "": ("Everything", None),
    "live": ("In work", LIVE),
    "done": ("Done", {State.COMPLETED}),
    "failed": ("Failed", {State.FAILED}),
}
SORT: dict[str, tuple[str, list[str | OrderBy]]] = {
    "": ("Newest first", ["-created_at", "-id"]),
    "oldest": ("Oldest first", ["created_at", "id"]),
    "name": ("By name", ["filename", "-created_at", "-id"]),
    "size": ("Largest first", ["-size", "-created_at", "-id"]),
    "saved": ("Saved most", [F("saved_bytes").desc(), "-created_at", "-id"]),
}


@dataclass(frozen=True)
class Listing:
    """What of the kept jobs is wanted, as the address of the page says it. What makes no sense there is left out."""

    search: str = ""
    show: str = ""
    sort: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Listing":
        number = query.get("page", "1")
        return cls(
            search="".join(filter(str.isprintable, query.get("q", ""))).strip()[:255],
            show=query["show"] if query.get("show") in SHOW else "",
            sort=query["sort"] if query.get("sort") in SORT else "",
            page=min(max(int(number), 1), LAST_PAGE) if number.isascii() and number.isdigit() else 1,
        )

    def read(self, owner: Owner) -> "Page":
        """One page of them, and whether another follows. Only what is kept is searched, which is bounded per owner."""
        jobs = Job.objects.owned_by(owner).kept().lean()
        if states := SHOW[self.show][1]:
            jobs = jobs.filter(state__in=states)
        if self.search:
            jobs = jobs.filter(filename__icontains=self.search)
        first = (self.page - 1) * PAGE
        found = schedule.place(jobs.order_by(*SORT[self.sort][1])[first : first + PAGE + 1])
        return Page(self, found[:PAGE], has_older=len(found) > PAGE)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.show)

    def address(self, page: int) -> str:
        asked = {"q": self.search, "show": self.show, "sort": self.sort, "page": page if page > 1 else ""}
        return "?" + urlencode({name: value for name, value in asked.items() if value})


@dataclass(frozen=True)
class Page:
    listing: Listing
    jobs: list[Job]
    has_older: bool

    @property
    def snapshots(self) -> list[Snapshot]:
        return [snapshot(job) for job in self.jobs]

    @property
    def before(self) -> str:
        """The address of the page before this one, or ""."""
        return self.listing.address(self.listing.page - 1) if self.listing.page > 1 else ""

    @property
    def after(self) -> str:
        return self.listing.address(self.listing.page + 1) if self.has_older else ""

    @property
    def has_tools(self) -> bool:
        """Searching and sorting are offered where there is something to search in."""
        return len(self.jobs) > 1 or self.listing.is_narrowed or self.listing.page > 1

    shows = tuple((value, title) for value, (title, _) in SHOW.items())
    sorts = tuple((value, title) for value, (title, _) in SORT.items())
