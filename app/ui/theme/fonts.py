"""Inter in the roles of the design: sizes in points, figures all of one width, no hinting."""

from __future__ import annotations

from enum import Enum
from functools import cache
from importlib import resources

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

FAMILY = "Inter"
FILES = {400: "Inter-Regular.otf", 500: "Inter-Medium.otf", 600: "Inter-SemiBold.otf"}
POINTS_AN_INCH = 72


class Role(Enum):
    """What a text is: size and line height in px at 96 dpi, weight, letter spacing in px."""

    HERO = (40, 48, 600, -1.2)
    FIGURE_L = (32, 40, 600, -0.9)
    FIRST_RUN = (30, 38, 600, -0.8)
    SECURITY = (28, 36, 600, -0.7)
    GAUGE = (26, 32, 600, -0.6)
    FIGURE_M = (24, 32, 600, -0.5)
    UNLOCK = (22, 28, 600, -0.4)
    FIGURE_S = (20, 28, 600, -0.4)
    TITLE = (20, 28, 600, -0.2)
    PALETTE = (17, 24, 400, -0.1)
    PANE_TITLE = (16, 22, 600, -0.1)
    BODY = (14, 20, 400, -0.07)
    NAME = (14, 20, 500, -0.07)
    CARD_TITLE = (14, 20, 600, -0.07)
    SMALL = (13, 18, 400, -0.05)
    SMALL_STRONG = (13, 18, 500, -0.05)
    SMALL_TITLE = (13, 18, 600, -0.05)
    CAPTION = (12, 16, 400, 0.0)
    CAPTION_STRONG = (12, 16, 500, 0.0)
    CAPTION_TITLE = (12, 16, 600, 0.0)
    KEY = (11, 14, 500, 0.0)

    @property
    def px(self) -> int:
        return self.value[0]

    @property
    def line(self) -> int:
        return self.value[1]

    @property
    def weight(self) -> int:
        return self.value[2]

    @property
    def spacing(self) -> float:
        return self.value[3]


_scale: list[float] = [1.0, 96.0]
_families: dict[int, str] = {}
"""The family each weight goes by: some systems list Medium and SemiBold as families of their own."""


def load() -> None:
    """Register the shipped files. Raises: FileNotFoundError when the program's files are incomplete."""
    folder = resources.files("resources") / "fonts"
    for weight, name in FILES.items():
        number = QFontDatabase.addApplicationFontFromData(QByteArray((folder / name).read_bytes()))
        families = QFontDatabase.applicationFontFamilies(number)
        if families:
            _families[weight] = families[0]


def set_scale(scale: float, base_dpi: float) -> None:
    """Set the text size and the dots per inch at which the design's px are the screen's."""
    _scale[:] = [scale, base_dpi]
    font.cache_clear()
    metrics.cache_clear()


@cache
def font(role: Role) -> QFont:
    """Return the font of a role. It is shared: copy before changing it."""
    made = QFont([_families.get(role.weight, FAMILY), FAMILY])
    made.setPointSizeF(role.px * POINTS_AN_INCH / _scale[1] * _scale[0])
    made.setWeight(QFont.Weight(role.weight))
    made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, role.spacing * _scale[0])
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


@cache
def metrics(role: Role) -> QFontMetricsF:
    return QFontMetricsF(font(role))
