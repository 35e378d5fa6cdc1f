from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from importlib import resources
from pathlib import Path

import pytest
from derived_rows import derived_rows

from app.adapters.clock import SystemClock
from app.adapters.randomness import OsRandomness
from app.core.security.envelope import Mode
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.services.derived import derive
from app.services.ingest import imports
from app.services.program import sample_books
from app.services.tax import profile

PASSPHRASE = "violet anchor harvest tundra 41"
TODAY = date(2026, 11, 20)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def make_books(tmp_path: Path) -> Iterator[Callable[..., Books]]:
    """Makes real encrypted books; all are closed in the end."""
    made: list[Books] = []

    def make(name: str = "home", zone: str = "America/Los_Angeles") -> Books:
        opened, _ = opening.create(
            tmp_path / name, mode=Mode.PASSPHRASE, passphrase=PASSPHRASE, keychain=None, randomness=OsRandomness(),
            clock=SystemClock(zone, fixed_today=TODAY), kdf_memory_mib=64,
        )  # fmt: skip
        made.append(opened)
        return opened

    yield make
    for opened in made:
        opened.close()


@pytest.fixture
def books(make_books: Callable[..., Books]) -> Books:
    return make_books()


def throwaway(home: Path) -> Books:
    made, _ = opening.create(
        home, mode=Mode.PASSPHRASE, passphrase=PASSPHRASE, keychain=None, randomness=OsRandomness(),
        clock=SystemClock("UTC", fixed_today=TODAY), kdf_memory_mib=64,
    )  # fmt: skip
    return made


@pytest.fixture(scope="session")
def household() -> Iterator[Books]:
    """The books of the sample household with its reserve account, for tests that only read; made once."""
    opened = sample_books.open_sample(throwaway)
    yield opened.books
    opened.close()


@pytest.fixture
def own_sample() -> Iterator[Books]:
    """The same books for one test that changes them."""
    opened = sample_books.open_sample(throwaway)
    yield opened.books
    opened.close()


@pytest.fixture
def reopen() -> Iterator[Callable[[Books], Books]]:
    """Closes books and opens them again with their raw key, as a new process would."""
    held: list[Books] = []

    def again(old: Books) -> Books:
        key = old.key_hex()
        old.close()
        held.append(
            opening.open_books(old.home, Unlock(key_hex=key), keychain=lambda: None, clock=SystemClock("UTC", TODAY))
        )
        return held[-1]

    yield again
    for opened in held:
        opened.close()


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A home with the sample household and its files, and its key; copied, never opened."""
    home = tmp_path_factory.mktemp("sample") / "home"
    made, _ = opening.create(
        home, mode=Mode.PASSPHRASE, passphrase=PASSPHRASE, keychain=None, randomness=OsRandomness(),
        clock=SystemClock("America/Los_Angeles", fixed_today=TODAY), kdf_memory_mib=64,
    )  # fmt: skip
    profile.change(made, TODAY.year, sample_books.PROFILE)
    with resources.as_file(resources.files("resources") / "sample") as folder:
        imports.import_files(made, sorted(folder.iterdir()), imports.ImportOptions())
    key = made.key_hex()
    made.close()
    return home, key


@pytest.fixture
def sample(sample_home: tuple[Path, str], tmp_path: Path) -> Iterator[Books]:
    """Open books of the sample household, for one test."""
    home = tmp_path / "sample-home"
    shutil.copytree(sample_home[0], home)
    opened = opening.open_books(
        home, Unlock(key_hex=sample_home[1]), keychain=lambda: None, clock=SystemClock("America/Los_Angeles", TODAY)
    )
    yield opened
    opened.close()


@pytest.fixture
def reopen_on() -> Iterator[Callable[[Books, str], Books]]:
    """Opens the same books once more, as another program would on another day."""
    held: list[Books] = []

    def again(old: Books, today: str) -> Books:
        clock = SystemClock("America/Los_Angeles", fixed_today=date.fromisoformat(today))
        held.append(opening.open_books(old.home, Unlock(key_hex=old.key_hex()), keychain=lambda: None, clock=clock))
        return held[-1]

    yield again
    for opened in held:
        opened.close()


def plain_money(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


@pytest.fixture
def ofx() -> Callable[..., bytes]:
    """Builds an OFX 1.02 file: rows of (ISO day, cents, text[, FITID[, ISO day of the purchase]])."""

    def made(
        rows: list[tuple[str, ...] | tuple[str, int, str]], *, number: str = "000771204417", org: str = "Harbor Bank",
        card: bool = False, balance: tuple[int, str] | None = None, first: str = "", last: str = "",
        currency: str = "USD",
    ) -> bytes:  # fmt: skip
        records = []
        for n, (day, cents, text, *more) in enumerate(rows):
            fitid = more[0] if more else f"{day}-{n}"
            user = f"<DTUSER>{more[1].replace('-', '')}" if len(more) > 1 else ""
            records.append(
                f"<STMTTRN><TRNTYPE>{'CREDIT' if int(cents) > 0 else 'DEBIT'}<DTPOSTED>{day.replace('-', '')}{user}"
                f"<TRNAMT>{plain_money(int(cents))}<FITID>{fitid}<NAME>{text}</STMTTRN>\n"
            )
        days = sorted(row[0] for row in rows) or ["2026-01-01"]
        span = f"<DTSTART>{(first or days[0]).replace('-', '')}<DTEND>{(last or days[-1]).replace('-', '')}"
        stated = f"<LEDGERBAL><BALAMT>{plain_money(balance[0])}<DTASOF>{balance[1].replace('-', '')}</LEDGERBAL>" \
            if balance else ""  # fmt: skip
        whose = (
            f"<CCACCTFROM><ACCTID>{number}</CCACCTFROM>" if card
            else f"<BANKACCTFROM><BANKID>125000105<ACCTID>{number}<ACCTTYPE>CHECKING</BANKACCTFROM>"
        )  # fmt: skip
        message, statement = ("CREDITCARDMSGSRSV1", "CCSTMT") if card else ("BANKMSGSRSV1", "STMT")
        return (
            "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\n"
            "COMPRESSION:NONE\nOLDFILEUID:NONE\nNEWFILEUID:NONE\n\n<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0"
            f"<SEVERITY>INFO</STATUS><DTSERVER>20261120<LANGUAGE>ENG<FI><ORG>{org}<FID>1</FI></SONRS></SIGNONMSGSRSV1>"
            f"<{message}><{statement}TRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><{statement}RS>"
            f"<CURDEF>{currency}{whose}<BANKTRANLIST>{span}\n{''.join(records)}</BANKTRANLIST>{stated}"
            f"</{statement}RS></{statement}TRNRS></{message}></OFX>\n"
        ).encode()

    return made


@pytest.fixture
def chase_csv() -> Callable[..., bytes]:
    """Builds a Chase checking CSV without balances: rows of (ISO day, cents, text)."""

    def made(rows: list[tuple[str, int, str]]) -> bytes:
        lines = ["Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #"]
        for day, cents, text, *_ in rows:
            year, month, number = day.split("-")
            word = "CREDIT" if cents > 0 else "DEBIT"
            lines.append(f"{word},{month}/{number}/{year},{text},{plain_money(cents)},{word},,,")
        return "\n".join([*lines, ""]).encode()

    return made


@pytest.fixture
def bring(tmp_path: Path) -> Callable[..., imports.FileResult]:
    """Imports bytes under a file name, each time from a folder of its own."""
    count = iter(range(10**6))

    def brought(books: Books, name: str, data: bytes, **options: str | bool) -> imports.FileResult:
        folder = tmp_path / f"download-{next(count)}"
        folder.mkdir()
        path = folder / name
        path.write_bytes(data)
        return imports.import_files(books, [path], imports.ImportOptions(**options))[0]

    return brought


@pytest.fixture
def derived_holds() -> Callable[[Books], None]:
    """Checks that everything derived equals a rebuild from nothing."""

    def check(books: Books) -> None:
        kept = derived_rows(books)
        with books.work.operation("rebuild", dry_run=True) as work:
            derive.rebuild(work)
            built = derived_rows(books)
        assert built == kept

    return check
