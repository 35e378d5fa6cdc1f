"""The colours of the window, by what they are for. Every pair that carries text or meaning is measured in the tests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Colours as `#RRGGBB`, or `#AARRGGBB` where something shows through."""

    bg: str
    surface: str
    sunken: str
    hover: str
    av: str
    nav_on: str
    text: str
    muted: str
    faint: str
    divider: str
    border: str
    control: str
    accent: str
    accent_hover: str
    on_accent: str
    sel: str
    sel_line: str
    money_in: str
    in_bg: str
    warn: str
    warn_bg: str
    warn_line: str
    danger: str
    danger_bg: str
    danger_line: str
    track: str
    c_in: str
    c_out: str
    c_band: str
    c_tax: str
    s1: str
    s2: str
    s3: str
    s4: str
    s5: str
    s6: str
    key_bg: str
    toast: str
    toast_text: str
    toast_fill: str
    toast_line: str
    toast_mark: str
    scrim: str


LIGHT = Tokens(
    bg="#F1F3F6",
    surface="#FFFFFF",
    sunken="#F6F7F9",
    hover="#F1F4F8",
    av="#ECEFF3",
    nav_on="#FFFFFF",
    text="#14181F",
    muted="#556070",
    faint="#5E6978",
    divider="#E5E8ED",
    border="#D5DAE1",
    control="#788291",
    accent="#1E58C4",
    accent_hover="#184AA8",
    on_accent="#FFFFFF",
    sel="#E4EDFC",
    sel_line="#A9C5F5",
    money_in="#0B6B3A",
    in_bg="#E4F4EB",
    warn="#8A4B00",
    warn_bg="#FFF4E0",
    warn_line="#EBCF9C",
    danger="#A8201A",
    danger_bg="#FDECEA",
    danger_line="#EFC0BB",
    track="#E1E5EB",
    c_in="#2F6BD8",
    c_out="#7F8998",
    c_band="#DCE7FA",
    c_tax="#B26A00",
    s1="#1E58C4",
    s2="#4F86E0",
    s3="#2B4170",
    s4="#7C8694",
    s5="#4E5867",
    s6="#5F80C2",
    key_bg="#FFFFFF",
    toast="#20262E",
    toast_text="#F2F4F7",
    toast_fill="#38414D",
    toast_line="#20262E",
    toast_mark="#5FD39A",
    scrim="#5714181F",
)

DARK = Tokens(
    bg="#101317",
    surface="#171B21",
    sunken="#1C2128",
    hover="#1E242C",
    av="#262D36",
    nav_on="#20262F",
    text="#E8EBF0",
    muted="#A3ADBB",
    faint="#929DAB",
    divider="#272D36",
    border="#343C47",
    control="#77828F",
    accent="#7FB0FF",
    accent_hover="#9CC2FF",
    on_accent="#0B1220",
    sel="#22324D",
    sel_line="#3E5E95",
    money_in="#5FD39A",
    in_bg="#17332A",
    warn="#FFC46B",
    warn_bg="#33280F",
    warn_line="#5C4718",
    danger="#FF8A80",
    danger_bg="#3A1D1C",
    danger_line="#6B302C",
    track="#2C333D",
    c_in="#7FB0FF",
    c_out="#7B8696",
    c_band="#22324D",
    c_tax="#FFC46B",
    s1="#7FB0FF",
    s2="#4E7BCB",
    s3="#A9C1E8",
    s4="#C3CAD4",
    s5="#7B8696",
    s6="#8E9DB8",
    key_bg="#20262E",
    toast="#20262E",
    toast_text="#F2F4F7",
    toast_fill="#38414D",
    toast_line="#38414D",
    toast_mark="#5FD39A",
    scrim="#80000000",
)
