"""Make resources/merchants/brands.csv: the US brands of name-suggestion-index that banks' texts name.

    npm pack name-suggestion-index@8.0.20260918 && tar xzf name-suggestion-index-*.tgz
    python scripts/make_brands.py package

The package is under the BSD 3-Clause licence; its notice is kept beside the table. Names are taken as they are; what a
trade of theirs means here is said in `TRADES`. Trades that say nothing of a payment (banks, parks, schools' flags) are
left out. The same package makes the same table.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "merchants"
_SHORTEST = 4
_WHOLE_BELOW = 10
"""A shorter name of one word must be the whole name: it may be an ordinary word or a surname."""
_MOST_WORDS = 5
_NAMES = ("name", "brand", "operator", "short_name", "alt_name", "official_name", "name:en", "brand:en")
_WORLD = {"001", "us", "019", "021", "003"}
"""Codes of places that hold the United States: the world, the country, the Americas."""

TRADES: dict[str, str] = {
    "grocery": "shop/supermarket shop/bakery shop/deli shop/greengrocer shop/frozen_food shop/butcher"
    " shop/confectionery shop/alcohol shop/tea shop/spices shop/dairy shop/chocolate shop/pastry shop/beverages"
    " shop/coffee",
    "gas": "amenity/fuel shop/convenience highway/services shop/gas",
    "ev": "amenity/charging_station operators/amenity/charging_station man_made/charge_point",
    "meals": "amenity/fast_food amenity/restaurant amenity/cafe amenity/ice_cream amenity/bar amenity/pub",
    "clothes": "shop/clothes shop/shoes shop/jewelry shop/watches shop/fashion_accessories shop/bag shop/leather"
    " shop/second_hand",
    "health": "amenity/pharmacy amenity/dentist amenity/clinic amenity/doctors amenity/veterinary amenity/hospital"
    " leisure/fitness_centre leisure/sports_centre shop/beauty shop/cosmetics shop/hairdresser shop/optician"
    " shop/perfumery shop/nutrition_supplements shop/hearing_aids shop/massage shop/medical_supply shop/pet"
    " shop/dry_cleaning shop/laundry shop/chemist healthcare/laboratory healthcare/physiotherapist"
    " operators/healthcare/dialysis operators/amenity/hospital operators/amenity/clinic operators/amenity/doctors"
    " amenity/animal_boarding leisure/fitness_station shop/herbalist",
    "homestore": "shop/furniture shop/bed shop/houseware shop/interior_decoration shop/kitchen shop/baby_goods"
    " shop/window_blind shop/carpet shop/vacuum_cleaner shop/candles shop/appliance shop/bathroom_furnishing",
    "hardware": "shop/doityourself shop/hardware shop/paint shop/garden_centre shop/flooring shop/tiles"
    " shop/power_tools",
    "trade": "shop/trade shop/electrical shop/lighting shop/swimming_pool shop/groundskeeping",
    "automaint": "shop/car_repair shop/tyres shop/car_parts amenity/car_wash shop/motorcycle shop/truck_repair shop/car"
    " shop/motorcycle_repair shop/truck",
    "general": "shop/department_store shop/variety_store shop/wholesale shop/gift shop/country_store shop/books"
    " shop/craft shop/toys shop/sports shop/outdoor shop/party shop/art shop/charity shop/newsagent"
    " shop/pawnbroker shop/frame shop/musical_instrument shop/bicycle shop/mall shop/rental",
    "electronics": "shop/electronics shop/computer shop/hifi",
    "comprepair": "craft/electronics_repair",
    "fun": "amenity/cinema tourism/theme_park leisure/bowling_alley leisure/trampoline_park leisure/indoor_play"
    " leisure/escape_game leisure/dance leisure/miniature_golf shop/cannabis shop/tobacco shop/e-cigarette shop/video"
    " shop/video_games shop/games shop/music amenity/casino shop/erotic leisure/adult_gaming_centre",
    "travel": "tourism/hotel tourism/motel amenity/car_rental tourism/caravan_site tourism/hostel shop/travel_agency",
    "ride": "amenity/bicycle_rental operators/amenity/car_sharing transit/route/train transit/route/subway"
    " transit/route/light_rail transit/route/ferry amenity/motorcycle_rental",
    "toll": "operators/amenity/parking operators/highway/toll_gantry",
    "storage": "shop/storage_rental",
    "phone": "shop/mobile_phone shop/telecommunication operators/shop/mobile_phone office/telecommunication",
    "office": "amenity/post_office shop/stationery shop/copyshop amenity/parcel_locker amenity/post_depot"
    " shop/printer_ink office/logistics",
    "ads": "operators/advertising/billboard operators/advertising/screen craft/signmaker",
    "cowork": "office/coworking",
    "insurer": "office/insurance",
    "taxprep": "office/tax_advisor",
    "loan": "shop/money_lender office/mortgage",
    "p2p": "amenity/money_transfer",
    "eqrent": "shop/plant_hire",
    "homeutil": "operators/power/substation operators/office/energy_supplier operators/man_made/water_works"
    " operators/office/water_utility",
    "family": "amenity/childcare amenity/kindergarten amenity/social_facility",
    "edu": "amenity/prep_school amenity/language_school amenity/training amenity/university"
    " operators/amenity/university amenity/music_school amenity/college",
    "home": "landuse/residential",
    "camrepair": "shop/camera shop/photo",
}
ASKED = frozenset({"shop/furniture", "shop/appliance", "shop/interior_decoration", "shop/bed", "office/insurance"})
"""Trades whose goods are equipment of an office as often as of a home."""

_ORDER = {category: place for place, category in enumerate(TRADES)}
_LETTERS = re.compile(r"[a-z]+|\d+")


def main() -> int:
    package = Path(sys.argv[1])
    tree = json.loads((package / "dist" / "json" / "nsi.json").read_text("utf-8"))["nsi"]
    notice = (package / "LICENSE.md").read_text("utf-8")
    version = json.loads((package / "package.json").read_text("utf-8"))["version"]
    rows = table(tree)
    (FOLDER / "brands-LICENSE.md").write_text(notice, encoding="utf-8", newline="\n")
    with (FOLDER / "brands.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("name", "category", "stems", "ambiguous"))
        stream.write(f"# Brands of name-suggestion-index {version} (npm), BSD 3-Clause: see brands-LICENSE.md.\n")
        stream.write("# Made by scripts/make_brands.py; corrections belong there or into the tables of our own.\n")
        writer.writerows(rows)
    print(f"{len(rows)} brands")
    return 0


def table(tree: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return the rows, by name: a name of several trades is asked, under the trade that comes first."""
    trades: dict[str, set[str]] = {}
    shown: dict[str, str] = {}
    stems: dict[str, set[str]] = {}
    asked: set[str] = set()
    for category, paths in TRADES.items():
        for path in paths.split():
            full = path if path.startswith(("operators/", "transit/")) else f"brands/{path}"
            for item in tree.get(full, {"items": []})["items"]:
                if not in_the_states(item.get("locationSet", {})):
                    continue
                name, others = names_of(item)
                key = squeezed(name)
                if not key:
                    continue
                shown.setdefault(key, name)
                trades.setdefault(key, set()).add(category)
                asked |= {key} if path in ASKED else set()
                stems.setdefault(key, set()).update(others)
    owners: dict[str, str] = {}
    for key in sorted(stems):
        for stem in stems[key]:
            owners.setdefault(squeezed(stem), key)
    rows = []
    for key in sorted(stems):
        own = sorted({marked(stem) for stem in stems[key] if owners[squeezed(stem)] == key}, key=str.casefold)
        if own:
            category = min(trades[key], key=_ORDER.__getitem__)
            rows.append((shown[key], category, "|".join(own), "yes" if len(trades[key]) > 1 or key in asked else ""))
    return rows


def in_the_states(places: dict[str, Any]) -> bool:
    def has(names: list[Any], wanted: set[str]) -> bool:
        return any(str(name).casefold() in wanted or str(name).casefold().startswith("us-") for name in names)

    return has(places.get("include", []), _WORLD) and not any(
        str(name).casefold() == "us" for name in places.get("exclude", [])
    )


def names_of(item: dict[str, Any]) -> tuple[str, Iterator[str]]:
    """Return the shown name of a brand, and the names a statement may print."""
    tags = item["tags"]
    texts = [item["displayName"], *(tags[key] for key in _NAMES if key in tags), *item.get("matchNames", ())]
    found = {plain(text) for whole in texts for text in whole.split(";")}
    shown = re.sub(r"\s*\(.*?\)", "", item["displayName"]).strip()
    return shown, (text for text in found if usable(text))


def plain(text: str) -> str:
    """Return the text in lower case without accents, apostrophes and brackets; empty when it is not Latin."""
    bare = unicodedata.normalize("NFKD", re.sub(r"\s*\(.*?\)", "", text).casefold())
    bare = "".join(sign for sign in bare if not unicodedata.combining(sign))
    bare = bare.translate(str.maketrans("", "", "'’`´"))
    return " ".join(_LETTERS.findall(bare)) if bare.replace("’", "").isascii() else ""


def squeezed(text: str) -> str:
    return plain(text).replace(" ", "")


def usable(text: str) -> bool:
    return len(text.replace(" ", "")) >= _SHORTEST and len(text.split()) <= _MOST_WORDS and not text.isdigit()


def marked(text: str) -> str:
    """Return the stem, marked as a whole name when it is short or one plain word."""
    return f"{text}$" if len(text.replace(" ", "")) < _WHOLE_BELOW and " " not in text else text


if __name__ == "__main__":
    raise SystemExit(main())
