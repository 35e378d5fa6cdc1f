"""Two hundred damaged copies of the sample books: each is noticed and called damage, and none is used in silence.

A case is noticed when the books are opened, by the check that runs behind the window after that, or by the full check
of `doctor`. What none of them sees must hold the very same rows: then the damage hit nothing that is read.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from importlib import resources
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from faults.book_pages import PAGE, File, Page

from app.adapters.clock import SystemClock
from app.adapters.randomness import OsRandomness
from app.core.errors import AppError, DamagedBooks
from app.core.security.envelope import Mode
from app.services.books import history, opening
from app.services.books.open_books import Books, Unlock
from app.services.classify import rules
from app.services.ingest import imports
from app.services.integrity import health, rescue
from app.services.ledger import transactions
from app.services.program import sample_books
from app.services.tax import profile
from app.store import audit, schema

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 20)
PASSPHRASE = "violet anchor harvest tundra 41"
CODES = {"damaged", "keys_damaged", "chain_broken"}
LOOKED_AT = (
    *schema.BOOKS,
    *schema.DERIVED,
    "descriptor",
    "outcome",
    "merchant",
    "operation",
    "made",
    "journal",
    "audit",
)

HARMLESS = "no: nothing that is read was hit"

CHILD = """
import sys
from datetime import date
from pathlib import Path
from app.adapters.clock import SystemClock
from app.services.books import opening
from app.services.ledger import transactions
from app.services.books.open_books import Unlock
books = opening.open_books(
    Path(sys.argv[1]), Unlock(key_hex=sys.stdin.readline().strip()), keychain=lambda: None,
    clock=SystemClock("UTC", fixed_today=date(2026, 11, 20)),
)
for number in range(5, 25):
    transactions.set_values(books, number, {"note": f"changed {number}"})
print("READY", flush=True)
sys.stdin.readline()
"""


class Kept(NamedTuple):
    """A home as it was at one time: what it holds, in clear, and where in the file that is."""

    home: Path
    key: str
    rows: dict[str, list[Any]]
    pages: list[Page]
    file: File


class Templates(NamedTuple):
    older: Kept
    newer: Kept
    killed: Kept
    """The newer home, with twenty changes that stand only in the log of a program that was killed."""


def opened(home: Path, key: str, *, rescue: bool = False) -> Books:
    clock = SystemClock("America/Los_Angeles", fixed_today=TODAY)
    return opening.open_books(home, Unlock(key_hex=key), keychain=lambda: None, clock=clock, rescue=rescue)


def rows_of(books: Books) -> dict[str, list[Any]]:
    return {table: books.connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in LOOKED_AT}


def kept(home: Path, key: str) -> Kept:
    """Read a copy, so that a log that was left behind stays where it is."""
    copy = home.with_name(home.name + "-read")
    shutil.copytree(home, copy)
    books = opened(copy, key)
    rows = rows_of(books)
    books.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    roots = dict(books.connection.execute("SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 0").fetchall())
    books.close()
    file = File(copy / "books.db", key)
    return Kept(home, key, rows, file.pages(roots), File(home / "books.db", key))


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    folder = tmp_path_factory.mktemp("books")
    made, _ = opening.create(
        folder / "newer", mode=Mode.PASSPHRASE, passphrase=PASSPHRASE, keychain=None, randomness=OsRandomness(),
        clock=SystemClock("America/Los_Angeles", fixed_today=TODAY), kdf_memory_mib=64,
    )  # fmt: skip
    key = made.key_hex()
    profile.change(made, TODAY.year, sample_books.PROFILE)
    with resources.as_file(resources.files("resources") / "sample") as samples:
        files = sorted(samples.iterdir())
        imports.import_files(made, files[:-1], imports.ImportOptions())
        # a long import taken back leaves free pages behind
        imports.import_files(made, files[-1:], imports.ImportOptions())
        history.undo(made)
        made.close()
        shutil.copytree(folder / "newer", folder / "older")
        change(folder / "newer", key, files[-1])
    shutil.copytree(folder / "newer", folder / "killed")
    kill_a_writer(folder / "killed", key)
    return Templates(*(kept(folder / name, key) for name in Templates._fields))


def change(home: Path, key: str, file: Path) -> None:
    """Do what a person does in a week: edits, a rule, an import, an undo."""
    books, rng = opened(home, key), Random(5)
    last = books.transactions.last_id()
    kinds = ({"kind": "expense", "line": "C18"}, {"note": "paid by card"}, {"kind": "expense", "line": "C22"})
    known = [n for n in range(1, last + 1) if books.transactions.exists(n)]
    for number in rng.sample(known, 60):
        transactions.set_values(books, number, dict(rng.choice(kinds)))
    imports.import_files(books, [file], imports.ImportOptions())
    rules.add(books, {"text": "FIGMA", "kind": "expense", "line": "C18"})
    history.undo(books)
    books.close()


def kill_a_writer(home: Path, key: str) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(key + "\n")
    child.stdin.flush()
    assert child.stdout.readline() == "READY\n"
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert (home / "books.db-wal").stat().st_size > 0


# --- the damages ------------------------------------------------------------------------------------------------------

Damage = Callable[[Path, Templates], None]


def flip(path: Path, place: int, bit: int) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 1 << bit]))


def put(path: Path, page: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE)
        file.write(content)


def cut(path: Path, size: int) -> None:
    with path.open("r+b") as file:
        file.truncate(size)


def cases(kept: Templates) -> Iterator[tuple[str, Damage]]:
    """Yield what to do to a copy of a home; equal every time."""
    rng = Random(20261120)
    yield from flips(kept.newer, rng)
    yield from cuts(kept.newer, rng)
    yield from exchanges(kept, rng)
    yield from replays(kept)
    yield from logs(kept.killed, rng)


def flips(books: Kept, rng: Random) -> Iterator[tuple[str, Damage]]:
    one_of_each = {(page.owner, page.kind): page for page in rng.sample(books.pages, len(books.pages))}
    chosen = [*one_of_each.values(), books.pages[-1], *[books.pages[0]] * 6]
    for page in chosen:
        place, bit = (page.number - 1) * PAGE + rng.randrange(PAGE), rng.randrange(8)
        yield f"one bit, {page.kind}", lambda home, _kept, place=place, bit=bit: flip(home / "books.db", place, bit)


def cuts(books: Kept, rng: Random) -> Iterator[tuple[str, Damage]]:
    size = books.file.count * PAGE
    for pages in (1, 2, 3, 5, 8, 13, 40, books.file.count - 1):
        yield "cut at a page", lambda home, _kept, pages=pages: cut(home / "books.db", size - pages * PAGE)
    for to in [rng.randrange(1, size) for _ in range(10)]:
        yield "cut inside a page", lambda home, _kept, to=to: cut(home / "books.db", to)
    for junk in [rng.randbytes(count) for count in (1, 100, PAGE, 3 * PAGE)]:
        yield "something added", lambda home, _kept, junk=junk: append(home / "books.db", junk)


def append(path: Path, junk: bytes) -> None:
    with path.open("ab") as file:
        file.write(junk)


def exchanges(kept: Templates, rng: Random) -> Iterator[tuple[str, Damage]]:
    file = kept.newer.file
    for _ in range(14):
        one, two = rng.sample(range(1, file.count + 1), 2)

        def swap(home: Path, _kept: Templates, one: int = one, two: int = two) -> None:
            put(home / "books.db", one, file.raw(two))
            put(home / "books.db", two, file.raw(one))

        yield "pages swapped", swap
    for page in rng.sample(range(1, file.count + 1), 14):
        yield "page of zeros", lambda home, _kept, page=page: put(home / "books.db", page, bytes(PAGE))


def replays(kept: Templates) -> Iterator[tuple[str, Damage]]:
    older, newer = kept.older.file, kept.newer.file
    for page in kept.newer.pages[: older.count]:
        old = older.raw(page.number)
        if newer.raw(page.number) != old:
            name = f"old page, {page.owner}"
            yield name, lambda home, _kept, page=page, old=old: put(home / "books.db", page.number, old)
    yield "old file", lambda home, kept: shutil.copy2(kept.older.home / "books.db", home / "books.db")


def logs(books: Kept, rng: Random) -> Iterator[tuple[str, Damage]]:
    size = (books.home / "books.db-wal").stat().st_size
    for place in (0, 3, 9, 17, 25):
        yield "log, header", lambda home, _kept, place=place: flip(home / "books.db-wal", place, 3)
    for place in sorted(rng.randrange(32, size) for _ in range(30)):
        yield "log, one bit", lambda home, _kept, place=place: flip(home / "books.db-wal", place, 5)
    for to in (0, 20, 32, 100, *sorted(rng.randrange(32, size) for _ in range(8))):
        yield "log, cut", lambda home, _kept, to=to: cut(home / "books.db-wal", to)
    yield "log, gone", lambda home, _kept: (home / "books.db-wal").unlink()


# --- how each is noticed ----------------------------------------------------------------------------------------------


def noticed(home: Path, kept: Kept) -> str:
    """Return at which point the damage is seen; `no` only when every row is as it was."""
    try:
        books = opened(home, kept.key)
    except AppError as error:
        return "at opening" if error.code in CODES and error.exit_code == 7 else f"wrongly as {error.code}"
    try:
        reader = books.reader()
        behind = health.check(reader, deep=False)
        reader.close()
        if not behind.ok:
            assert behind.code in CODES
            return "behind the window"
        full = health.check(books, deep=True)
        if not full.ok:
            assert full.code in CODES
            return "by doctor"
        assert rows_of(books) == kept.rows
        return HARMLESS
    finally:
        books.close()


def test_two_hundred_damaged_files_are_noticed(templates: Templates, tmp_path: Path) -> None:
    found: Counter[tuple[str, str]] = Counter()
    for number, (name, damage) in enumerate(cases(templates)):
        source = templates.killed if name.startswith("log") else templates.newer
        home = tmp_path / str(number)
        shutil.copytree(source.home, home)
        damage(home, templates)
        found[name.split(",")[0] if not name.startswith("log") else name, noticed(home, source)] += 1
        shutil.rmtree(home)
    for (name, how), count in sorted(found.items()):
        print(f"{name:20} {how:34} {count:4}")
    assert sum(found.values()) >= 200
    assert {how for _, how in found} <= {"at opening", "behind the window", "by doctor", HARMLESS}
    missed = {name for name, how in found if how == HARMLESS}
    assert missed <= {"old page", "log, one bit", "log, cut"}
    harmless = sum(count for (_, how), count in found.items() if how == HARMLESS)
    assert harmless <= 10


# --- through the program ----------------------------------------------------------------------------------------------


def command(home: Path, secret: Path, *words: str) -> tuple[int, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "app", "--home", str(home), "--passphrase-file", str(secret), "--today",
         TODAY.isoformat(), "--json", *words],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.touch(mode=0o600)
    path.write_text(PASSPHRASE, encoding="utf-8")
    return path


def page_of(kept: Kept, owner: str) -> int:
    return next(page.number for page in kept.pages if page.owner == owner and page.kind == "leaf")


@pytest.fixture
def copy(templates: Templates, tmp_path: Path) -> Path:
    home = tmp_path / "home"
    shutil.copytree(templates.newer.home, home)
    return home


def test_a_damaged_first_page_is_never_called_a_wrong_passphrase(copy: Path, secret: Path) -> None:
    flip(copy / "books.db", 700, 1)
    code, answer = command(copy, secret, "accounts", "list")
    assert (code, answer["error"]["code"]) == (7, "damaged")
    code, answer = command(copy, secret, "rescue", "status")
    assert (code, answer["damaged"], answer["opens"]) == (7, True, False)


def test_a_page_that_cannot_be_read_closes_the_books_to_writing(copy: Path, secret: Path, templates: Templates) -> None:
    flip(copy / "books.db", (page_of(templates.newer, "transactions") - 1) * PAGE + 40, 2)
    code, answer = command(copy, secret, "transactions", "list", "--limit", "0")
    assert (code, answer["error"]["code"]) == (7, "damaged")
    for words in (["profile", "set", "state=WA"], ["accounts", "list"]):
        code, answer = command(copy, secret, *words)
        assert (code, answer["error"]["code"]) == (7, "damaged")
    assert command(copy, secret, "--read-only", "profile", "show")[0] == 0


def test_doctor_names_the_place_of_an_old_page(copy: Path, secret: Path, templates: Templates) -> None:
    newer, older = templates.newer, templates.older.file
    whole = (copy / "books.db").read_bytes()
    # Of the pages that were written in between, the first that holds other rows than before: some hold what they held.
    for page in newer.pages:
        if page.owner not in {"outcome", "label", "row_label"} or page.number > older.count:
            continue
        put(copy / "books.db", page.number, older.raw(page.number))
        code, answer = command(copy, secret, "audit", "verify")
        if code == 1 and "the suggestions" in answer["sentence"]:
            break
        (copy / "books.db").write_bytes(whole)
        (copy / "books.damage").unlink(missing_ok=True)
    assert (code, answer["ok"], answer["rows_ok"], answer["first_bad_seq"]) == (1, False, False, None)
    assert "the suggestions" in answer["sentence"]
    code, answer = command(copy, secret, "doctor")
    wrong = {check["name"]: check["trouble"] for check in answer["checks"] if not check["ok"]}
    assert code == 1
    assert "the suggestions" in wrong["books: rows"]
    assert command(copy, secret, "profile", "set", "state=WA")[0] == 7


def test_doctor_opens_the_books_again_when_they_are_whole(copy: Path, secret: Path, templates: Templates) -> None:
    flip(copy / "books.db", (page_of(templates.newer, "transactions") - 1) * PAGE + 40, 2)
    assert command(copy, secret, "transactions", "list", "--limit", "0")[0] == 7
    shutil.copy2(templates.newer.home / "books.db", copy / "books.db")
    assert command(copy, secret, "profile", "set", "state=WA")[0] == 7
    _, answer = command(copy, secret, "doctor")
    assert all(check["ok"] for check in answer["checks"] if check["name"].startswith("books"))
    assert command(copy, secret, "profile", "set", "state=WA")[0] == 0


def test_what_is_readable_is_handed_out_and_the_rest_is_named(
    copy: Path, secret: Path, templates: Templates, tmp_path: Path
) -> None:
    flip(copy / "books.db", (page_of(templates.newer, "transactions") - 1) * PAGE + 40, 2)
    code, answer = command(copy, secret, "rescue", "export", "--out", str(tmp_path / "out"))
    files = {file["name"]: file for file in answer["files"]}
    lost = sum(last - first + 1 for first, last in files["transactions.csv"]["unreadable"])
    whole = len(templates.newer.rows["transactions"])
    assert code == 0
    assert not answer["complete"]
    assert 0 < lost < whole
    assert files["transactions.csv"]["rows"] >= whole - lost
    assert files["account.csv"]["rows"] == len(templates.newer.rows["account"])
    assert "not readable: numbers" in (tmp_path / "out" / rescue.REPORT).read_text("utf-8")


@pytest.mark.parametrize("missing", [PAGE, 3 * PAGE + 17, 12 * PAGE])
def test_of_a_file_that_was_cut_off_what_is_left_is_handed_out(
    copy: Path, secret: Path, templates: Templates, tmp_path: Path, missing: int
) -> None:
    path = copy / "books.db"
    cut(path, path.stat().st_size - missing)
    before = path.read_bytes()
    assert command(copy, secret, "rescue", "status")[0] == 7
    code, answer = command(copy, secret, "rescue", "export", "--out", str(tmp_path / "out"))
    assert code == 0
    files = {file["name"]: file for file in answer["files"]}
    for table in ("account", "transactions"):
        rows = files[f"{table}.csv"]["rows"]
        lost = sum(last - first + 1 for first, last in files[f"{table}.csv"]["unreadable"])
        assert rows + lost >= len(templates.newer.rows[table])
    assert files["account.csv"]["rows"] == len(templates.newer.rows["account"])
    assert command(copy, secret, "profile", "set", "state=WA")[0] == 7
    assert path.read_bytes() == before


@pytest.mark.parametrize("table", ["link", "transactions"])
def test_a_table_whose_first_page_is_gone_holds_up_no_other(
    copy: Path, secret: Path, templates: Templates, tmp_path: Path, table: str
) -> None:
    own = [page for page in templates.newer.pages if page.owner == table]
    root = next((page for page in own if page.kind == "interior"), own[0])
    flip(copy / "books.db", (root.number - 1) * PAGE + 40, 2)
    code, answer = command(copy, secret, "rescue", "export", "--out", str(tmp_path / "out"))
    files = {file["name"]: file for file in answer["files"]}
    assert (code, answer["complete"]) == (0, False)
    assert (files[f"{table}.csv"]["rows"], len(files[f"{table}.csv"]["unreadable"])) == (0, 1)
    assert files["account.csv"]["rows"] == len(templates.newer.rows["account"])
    assert files["profile.csv"]["unreadable"] == []


def test_changes_a_cut_log_lost_are_missed_until_they_are_accepted(
    secret: Path, templates: Templates, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(templates.killed.home, home)
    cut(home / "books.db-wal", 32)
    code, answer = command(home, secret, "accounts", "list")
    assert (code, answer["error"]["code"]) == (7, "damaged")
    assert "newest 20 changes" in answer["error"]["message"]
    code, answer = command(home, secret, "rescue", "accept")
    assert (code, answer["accepted"]) == (0, True)
    assert command(home, secret, "accounts", "list")[0] == 0
    _, answer = command(home, secret, "audit", "list", "--limit", "1")
    assert answer["entries"][0]["event"] == "damage.found"


def spoil(file: Path) -> None:
    file.write_bytes(bytes(reversed(file.read_bytes())))


def spoil_seals(file: Path) -> None:
    """Make the note tell of a change to come, in all three places, under its old seals."""
    places = [file.read_bytes()[start : start + 512] for start in range(0, 1536, 512)]
    file.write_bytes(b"".join(b"%020d %020d" % (9, 10_000) + place[41:] for place in places))


def nothing(file: Path) -> None:
    file.write_bytes(b"")


@pytest.mark.parametrize(
    ("ruin", "said"),
    [(Path.unlink, "is missing"), (spoil, "cannot be read"), (spoil_seals, "cannot be read"),
     (nothing, "cannot be read")],
)  # fmt: skip
def test_the_note_of_the_newest_change_gone_with_the_log_is_told_until_it_is_accepted(
    secret: Path, templates: Templates, tmp_path: Path, ruin: Callable[[Path], object], said: str
) -> None:
    home = tmp_path / "home"
    shutil.copytree(templates.killed.home, home)
    (home / "books.db-wal").unlink()
    ruin(home / "books.head")
    for _ in range(2):
        code, answer = command(home, secret, "accounts", "list")
        assert (code, answer["error"]["code"]) == (7, "damaged")
        assert f"books.head, {said}, so changes may be missing too" in answer["error"]["message"]
        assert "passphrase" not in answer["error"]["message"]
    assert command(home, secret, "rescue", "status")[1]["ways"][-1] == "accept"
    assert command(home, secret, "rescue", "accept")[1]["accepted"] is True
    assert command(home, secret, "accounts", "list")[0] == 0
    assert command(home, secret, "profile", "set", "state=WA")[0] == 0
    assert command(home, secret, "doctor")[1]["ok"] is True


def test_one_damaged_place_of_that_note_hides_no_lost_change_and_alarms_nobody(
    secret: Path, templates: Templates, tmp_path: Path
) -> None:
    for place in range(3):
        home = tmp_path / f"home{place}"
        shutil.copytree(templates.killed.home, home)
        flip(home / "books.head", place * 512 + 60, 2)
        assert command(home, secret, "--read-only", "accounts", "list")[0] == 0
        cut(home / "books.db-wal", 32)
        code, answer = command(home, secret, "accounts", "list")
        assert (code, answer["error"]["code"]) == (7, "damaged")
        assert "changes to these books are missing" in answer["error"]["message"]


def test_a_home_that_never_noted_its_newest_change_opens_without_that_note(
    templates: Templates, tmp_path: Path
) -> None:
    """As one does that an earlier program closed last."""
    home = tmp_path / "home"
    shutil.copytree(templates.newer.home, home)
    books = opened(home, templates.newer.key)
    note = json.loads((home / "audit.anchor").read_bytes())
    assert note.pop("head") == 1
    note["seal"] = audit.seal_anchor(
        books.subkey("audit-mac"), {name: value for name, value in note.items() if name != "seal"}
    )
    books.close()
    (home / "audit.anchor").write_text(json.dumps(note))
    (home / "books.head").unlink()
    books = opened(home, templates.newer.key)
    transactions.set_values(books, 5, {"note": "again"})
    books.close()
    (home / "books.head").unlink()
    with pytest.raises(DamagedBooks):
        opened(home, templates.newer.key)


def test_a_killed_program_leaves_books_that_open(templates: Templates, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(templates.killed.home, home)
    books = opened(home, templates.killed.key)
    assert health.check(books, deep=True).ok
    assert books.transactions.get(24).note == "changed 24"  # type: ignore[union-attr]
    books.close()
