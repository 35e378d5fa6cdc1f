"""The pages look as they did: each against its picture in docs/screenshots."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from scripts import screenshots

ROOT = Path(__file__).parents[2]
REFERENCES = ROOT / "docs" / "screenshots"
FAILED = ROOT / "out" / "screenshots-diff"
RENEW = "python3 run.py shots"
TOLERANCE = 0.001
"""Share of the points that may differ."""
NEAR = 24
"""Steps of 255 by which a colour may differ and still count as the same."""


def different(got: QImage, want: QImage) -> list[tuple[int, int]]:
    """Return the points whose colours are not near each other."""
    one, two = (image.convertToFormat(QImage.Format.Format_RGB32) for image in (got, want))
    left, right, step = bytes(one.constBits()), bytes(two.constBits()), one.bytesPerLine()
    points = []
    for y in range(one.height()):
        a, b = left[y * step : (y + 1) * step], right[y * step : (y + 1) * step]
        if a != b:
            points += [
                (x, y)
                for x in range(one.width())
                if any(abs(a[4 * x + part] - b[4 * x + part]) > NEAR for part in range(3))
            ]
    return points


def compare(name: str, got: QImage, want: QImage, failed: Path = FAILED) -> str:
    """Return a sentence when two pictures differ, with both and their difference in `failed`; else nothing."""
    if got.size() != want.size():
        return f"{name} is {got.width()} × {got.height()}, its picture {want.width()} × {want.height()}: {RENEW}"
    points = different(got, want)
    share = len(points) / (want.width() * want.height())
    if share <= TOLERANCE:
        return ""
    failed.mkdir(parents=True, exist_ok=True)
    marked = want.convertToFormat(QImage.Format.Format_Grayscale8).convertToFormat(QImage.Format.Format_RGB32)
    for x, y in points:
        marked.setPixelColor(x, y, QColor("#E0003C"))
    for part, image in (("got", got), ("want", want), ("diff", marked)):
        image.save(str(failed / f"{name}-{part}.png"))
    return (
        f"{name} differs in {share:.2%} of its points; see {failed / name}-got.png, -want.png and -diff.png. "
        f"If it is meant to look like that: {RENEW}"
    )


# --- the pictures


pictured = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the pictures are drawn as on Linux")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Draw every page, in a process of its own: the type and the settings of this one have no say in it."""
    folder = tmp_path_factory.mktemp("shots")
    script = str(ROOT / "scripts" / "screenshots.py")
    done = subprocess.run(
        [sys.executable, script, "--out", str(folder)], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return folder


@pictured
@pytest.mark.parametrize("name", screenshots.names())
def test_a_page_looks_like_its_picture(drawn: Path, name: str) -> None:
    reference = REFERENCES / f"{name}.png"
    assert reference.is_file(), f"docs/screenshots/{name}.png is missing: {RENEW}"
    problem = compare(name, QImage(str(drawn / f"{name}.png")), QImage(str(reference)))
    assert not problem, problem


@pictured
def test_every_picture_is_of_something(drawn: Path) -> None:
    made = {path.name for path in drawn.iterdir()}
    assert made == {f"{name}.png" for name in screenshots.names()}
    left_over = {path.name for path in REFERENCES.glob("*-*.png")} - made
    assert not left_over, "nothing draws these any more"


# --- comparing


def plain(width: int = 100, height: int = 100, color: str = "#1D56C9") -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    return image


def test_a_few_points_may_differ(tmp_path: Path) -> None:
    got = plain()
    for x in range(10):
        got.setPixelColor(x, 50, QColor("#FFFFFF"))
    assert compare("page", got, plain(), tmp_path) == ""
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_changed_is_shown_beside_its_picture(tmp_path: Path) -> None:
    got = plain()
    for x in range(11):
        got.setPixelColor(x, 50, QColor("#FFFFFF"))
    assert "0.11%" in compare("page", got, plain(), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"page-got.png", "page-want.png", "page-diff.png"}
    marked = QImage(str(tmp_path / "page-diff.png"))
    assert marked.pixelColor(10, 50) == QColor("#E0003C")
    assert marked.pixelColor(11, 50) != QColor("#E0003C")


def test_a_shade_is_no_difference_and_another_colour_is(tmp_path: Path) -> None:
    assert compare("page", plain(color="#1D56D9"), plain(), tmp_path) == ""
    assert compare("page", plain(color="#1D56F9"), plain(), tmp_path)


def test_another_size_is_told(tmp_path: Path) -> None:
    assert "100 × 90" in compare("page", plain(height=90), plain(), tmp_path)
