"""Forty bodies play the month through the web pages, as people would, with all their mishaps."""

import io
import re
from dataclasses import dataclass, field
from typing import Any

from campaign.models import Body
from campaign.tasks import counters
from core.db import read_only_done
from tests import factories, sent_files
from tests.clients import Client

#: By the number of the notice: who files after the deadline, who got more time, who sent rubbish.
LATE, EXTENDED, RETURNED = {5, 17}, {9}, {3, 12, 40}
LINK = re.compile(r"http://localhost(/sign-in/[\w-]{20,})")
PERSON = {
    "gender": "female", "employer": "【示例】市质量安全监督站（虚构）",
    "post": "副主任（主持工作）", "landline": "020-12345678、12345679",
}  # fmt: skip


@dataclass
class Officer:
    """A liaison officer with a browser."""

    body: Body
    number: int
    client: Client
    mobile: str = field(default_factory=factories.mobile)

    def path(self, page: str) -> str:
        """Return the address of a page of the own body."""
        return f"/body/{self.body.public_id}/{page}"

    def arrive(self, link: str) -> None:
        """Open the link on two devices, then set name, mobile and password on one."""
        assert self.client.get(link).status_code == 200
        done = self.client.submit(
            link, name="张示例", mobile=self.mobile,
            password=factories.PASSWORD, again=factories.PASSWORD,
        )  # fmt: skip
        assert done.status_code in (302, 303), done.text

    def sign_in(self) -> None:
        """Come back on another day."""
        data = {"login": self.mobile, "password": factories.PASSWORD}
        done = self.client.post("/sign-in", data=data)
        assert done.status_code == 302, done.text

    def send(self, page: str, **data: Any) -> str:
        """Send a form to be filed and return where the receipt is."""
        done = self.client.post(self.path(page), data={"act": "file"} | data)
        assert done.status_code in (302, 303), (self.number, page, done.text)
        receipt = done.headers["Location"]
        assert "/filings/" in receipt, (self.number, page, receipt)
        return str(receipt)

    def attach(self, item: str, content: bytes, name: str) -> None:
        """Attach a file to an item."""
        files = {"files": (io.BytesIO(content), name)}
        done = self.client.post(self.path(f"{item}/files"), data=files)
        assert done.status_code in (302, 303), (self.number, item, done.text)

    def file_slip_and_plan(self) -> None:
        """File the reply slip with two persons, and the plan with its document."""
        second = PERSON | {"name": "欧阳·示例", "mobile": factories.mobile()}
        rows = [PERSON | {"name": "张示例", "mobile": self.mobile}, second]
        columns = {name: [row[name] for row in rows] for name in second}
        self.send("slip", informed="y", **columns)
        self.attach("plan", sent_files.pdf(f"plan {self.number}"), "方案.pdf")
        self.send("plan", note="【示例】见附件")

    def file_summary_and_evidence(self) -> None:
        """File the summary with figures, one of them missing and one a real nought."""
        codes = [counter.code for counter in counters()]
        figures = {code: str(self.number + place) for place, code in enumerate(codes)}
        figures |= {codes[0]: "", codes[1]: "0"}
        self.attach("summary", sent_files.pdf(f"summary {self.number}"), "总结.pdf")
        self.send("summary", note="【示例】", **figures)
        self.attach("evidence", sent_files.photo(seed=self.number), "观摩.jpg")
        self.send("evidence", note="【示例】")


@dataclass
class Office:
    """The province's office with a browser."""

    client: Client
    year: int

    def path(self, page: str = "") -> str:
        """Return the address of a page of the year."""
        return f"/office/month/{self.year}/{page}"

    def post(self, page: str, **data: Any) -> None:
        """Send a form and be led onward."""
        done = self.client.post(self.path(page), data=data)
        assert done.status_code in (302, 303), done.text

    def links(self) -> list[str]:
        """Make the invitations and return the link of each body in the order of the notice."""
        self.post("invitations/invite")
        return list(dict.fromkeys(LINK.findall(self.client.get(self.path("invitations")).text)))

    def decide(self, filing: str, act: str, **data: str) -> None:
        """Look at a filing, then accept or return it."""
        page = self.client.get(filing).text
        seen = re.search(r'name="seen" value="(\d+)"', page)
        assert seen, page
        done = self.client.post(f"{filing}/{act}", data={"seen": seen[1]} | data)
        assert done.status_code in (302, 303), done.text

    def accept_all(self) -> int:
        """Accept what waits, led from one to the next, and return how many it was."""
        filing, count = self._next(self.client.get(self.path()).text), 0
        while filing:
            self.decide(filing, "accept")
            count += 1
            filing = self._next(self.client.get(filing).text)
        return count

    def _next(self, page: str) -> str:
        """Return the filing a page leads to next; the board leads to the first that waits."""
        link = rf'class="btn btn-primary" href="({self.path("filings/")}[\w-]+)"'
        found = re.search(link, page)
        return found[1] if found else ""


def officers(bodies: list[Body], links: list[str], browser: Any) -> list[Officer]:
    """Return the officers of all bodies, each signed in by the own link."""
    people = [Officer(body, n, browser()) for n, body in enumerate(bodies, 1)]
    for person, link in zip(people, links, strict=True):
        person.arrive(link)
    read_only_done()
    return people
