"""The facts of Schedule C that are no rows: gathered from the books for the worksheets of each business."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.core.dates import Day, year_days
from app.core.money import money_text
from app.core.report.schedule_c import schedule_c
from app.services.books.open_books import Books
from app.services.classify import knowledge
from app.services.report.booked import booked_sums

if TYPE_CHECKING:
    from app.core.tax.business.depreciation import Asset
    from app.core.tax.business.figures import BusinessFigures
    from app.core.tax.business.inputs import Home, Inputs
    from app.core.tax.business.profit import BusinessProfit
    from app.core.tax.business.vehicle import Vehicle

HOME_POOL, HOME_DIRECT = "home_pool", "home_direct"
GIFT, HOURS_OF_SERVICE, ON_PREMISES = "gift", "dot_meal", "office_meal"
TAGS: Mapping[str, str] = {
    HOME_POOL: "a cost of the home, for Form 8829 alone",
    HOME_DIRECT: "beside home_pool: a cost of the office alone",
    GIFT: "a business gift; its note names the person",
    HOURS_OF_SERVICE: "a meal under hours-of-service limits of the Department of Transportation",
    ON_PREMISES: "meals and coffee on the premises",
}
"""Tags that change what a row counts as."""
ASSET_LINES = ("C13", "C18", "C22")


class Gathered:
    """The facts of all businesses, read once."""

    def __init__(
        self, books: Books, figures: BusinessFigures, as_of: Day, forms_before: Callable[[], dict[int, BusinessProfit]]
    ) -> None:
        """`forms_before` works out the forms of the year before, where carry-overs come from."""
        self._forms_before = forms_before

        self.books, self.figures, self.year, self.as_of = books, figures, figures.year, as_of
        self.first = year_days(self.year)[0]
        self.booked = booked_sums(books, self.year, as_of)
        facts = books.tax_facts
        self.tagged = facts.tagged(self.first, as_of)
        self.vehicle_rows = facts.rows("vehicle")
        self.asset_rows = facts.rows("asset")
        self.home_rows = facts.rows("home_office")
        years = [row for row in facts.rows("business_year") if row["year"] <= self.year]
        self.years = {row["business_id"]: row for row in years if row["year"] == self.year}
        # Said once, of the year the business began; the years after it go on with it.
        self.startup = {
            row["business_id"]: row["startup_cents"]
            for row in sorted(years, key=lambda row: int(row["year"]))
            if row["startup_cents"] is not None
        }
        self.vehicles = {int(each.key): each for each in vehicles(books)}
        self.assets = {row["id"]: _asset(row, facts.rows("asset_year")) for row in self.asset_rows}
        self.quarterly = self._conventions()

    def inputs(self, business: int, started: Day | None) -> Inputs | None:
        """Return what a business is worked out from; None when the books say it all."""
        from app.core.tax.business.inputs import Inputs, Large  # noqa: PLC0415 - as above
        from app.core.tax.business.vehicle import together  # noqa: PLC0415 - as above

        own = [self.vehicles[row["id"]] for row in self.vehicle_rows if row["business_id"] == business]
        assets = {row["id"]: row for row in self.asset_rows if row["business_id"] == business}
        homes = self._homes(business)
        said = self.years.get(business, {})
        tagged = [row for row in self.tagged if row.business_id == business]
        gifts = [row for row in tagged if GIFT in row.tags.split() and row.line != "NONE"]
        special = {
            name: -sum(row.business_cents for row in tagged if name in row.tags.split() and row.line == "C24b")
            for name in (HOURS_OF_SERVICE, ON_PREMISES)
        }
        startup = self.startup.get(business, 0)
        if not (own or assets or homes or said or gifts or startup or any(special.values())):
            return None
        people: dict[str, int] = defaultdict(int)
        gift_lines: dict[str, int] = defaultdict(int)
        for row in gifts:
            people[row.note.casefold()] -= row.business_cents
            gift_lines[row.line] -= row.business_cents
        de_minimis = self.figures.limits.de_minimis_cents
        bought = {row["transaction_id"] for row in self.asset_rows}
        return Inputs(
            sums=self.booked.get(business, {}), meals_hours_of_service=special[HOURS_OF_SERVICE],
            meals_on_premises=special[ON_PREMISES], gifts=people, gift_lines=gift_lines, vehicles=own,
            used_together=together(self.vehicles.values(), self.year),
            assets=[self.assets[number] for number in assets],
            booked_assets=self._booked_assets(business, assets.values()), quarterly=self.quarterly,
            elected_before=self.elected_before(),
            section_179_carried=_or(said.get("section_179_carry_cents"), self._carried(business)),
            other_income=self._other_income(business), homes=homes, startup=startup,
            booked_before_start=self._before_start(business, started), started=started,
            opening_inventory=said.get("opening_inventory_cents"),
            closing_inventory=said.get("closing_inventory_cents"),
            large=[
                Large(line, cents, text)
                for number, owner, line, cents, text in self.books.tax_facts.large(
                    self.first, self.as_of, ASSET_LINES, de_minimis)
                if owner == business and number not in bought
            ],
            de_minimis=None if said.get("de_minimis") is None else bool(said["de_minimis"]),
        )  # fmt: skip

    def _conventions(self) -> dict[int, bool]:
        """Return by year of service whether the mid-quarter convention holds; it looks at all businesses."""
        from app.core.tax.business import depreciation  # noqa: PLC0415 - as above

        every = self.written_off()
        elected = {asset.key: asset.section_179_cents for asset in every}
        years = {asset.year for asset in every}
        return {year: depreciation.mid_quarter(self.figures, every, year, elected) for year in years}

    def written_off(self) -> list[Asset]:
        """Return equipment, and the vehicles that have been at actual costs from their first year."""
        from app.core.tax.business import vehicle  # noqa: PLC0415 - as above

        cars = [vehicle.as_asset(each) for each in self.vehicles.values() if each.began == vehicle.ACTUAL]
        return [*self.assets.values(), *(car for car in cars if car is not None)]

    def elected_before(self) -> dict[str, int]:
        """Return what the limits of earlier years allowed of section 179; a year without figures is believed."""
        from app.core.tax.business.depreciation import elected_179  # noqa: PLC0415 - as above

        every = self.written_off()
        found: dict[str, int] = {}
        for year in {asset.year for asset in every if asset.year < self.year}:
            figures = knowledge.business_figures(year)
            found |= elected_179(figures, every) if figures else {}
        return found

    def _booked_assets(self, business: int, rows: Any) -> dict[str, int]:  # noqa: ANN401 - rows of a table
        found: dict[str, int] = defaultdict(int)
        for row in rows:
            if row["transaction_id"] is None:
                continue
            for owner, line, day, cents in self.books.tax_facts.line_parts(row["transaction_id"]):
                if owner == business and self.first <= day <= self.as_of:
                    found[line] -= cents
        return found

    def _before_start(self, business: int, started: Day | None) -> dict[str, int]:
        """Return the costs of the year that are dated before the first day of business, by line."""
        if started is None or started <= self.first:
            return {}
        from app.core.books.vocabulary import INCOME_LINES  # noqa: PLC0415 - as above

        rows = self.books.lines.sums(self.first, min(started - 1, self.as_of))
        return {
            row.line: -row.cents
            for row in rows
            if row.business_id == business and row.line.startswith("C") and row.line not in INCOME_LINES
        }

    def _other_income(self, business: int) -> int:
        """Return wages and what other businesses earn by their books: section 179 looks at all of it."""
        from app.core.tax.profile_keys import cents_of  # noqa: PLC0415 - as above

        values, _ = self.books.settings.profile(self.year)
        wages = sum(cents_of(key, values[key]) for key in ("wages", "spouse_wages") if values.get(key))
        others = (
            schedule_c(self.year, sums).net_profit_cents for number, sums in self.booked.items() if number != business
        )
        return wages + sum(others)

    def _before(self, business: int) -> BusinessProfit | None:
        """Return the same business a year earlier, where its carry-overs come from."""
        days = [row["in_service"] for row in (*self.asset_rows, *self.vehicle_rows)]
        days += [row["first_day"] for row in self.home_rows]
        if not any(day < self.first for day in days):
            return None
        if self.books.lines.days(*year_days(self.year - 1)) is None:
            return None  # a year these books do not hold left nothing that they could know
        return self._forms_before().get(business)

    def _carried(self, business: int) -> int:
        before = self._before(business)
        return before.section_179_carry if before else 0

    def carried_notes(self, business: int, inputs: Inputs) -> list[str]:
        """Return what was carried over as these books work it out: the return as filed may say otherwise."""
        said = self.years.get(business, {}).get("section_179_carry_cents")
        cents = inputs.section_179_carried if said is None else 0
        if not cents:
            return []
        note = (
            f"Section 179 of {money_text(cents)} is carried over from {self.year - 1} as these books have it: where "
            "last year's return says otherwise, set section_179_carry of the business."
        )
        return [note]

    def _homes(self, business: int) -> list[Home]:
        from app.core.tax.business.inputs import Home  # noqa: PLC0415 - as above

        facts = self.books.tax_facts
        said = {row["home_office_id"]: row for row in facts.rows("home_office_year") if row["year"] == self.year}
        own = [row for row in self.home_rows if row["business_id"] == business]
        found = []
        for place, row in enumerate(own):
            yearly = said.get(row["id"], {})
            direct, indirect = self._pool(business, row) if not place else (0, 0)
            carried = (0, 0)
            if yearly.get("carry_operating_cents") is None and yearly.get("carry_depreciation_cents") is None:
                carried = self._home_carried(business) if not place else (0, 0)
            found.append(Home(
                name=row["name"], method=yearly.get("method"), exclusive=_yes(row["exclusive"]),
                first_day=row["first_day"], last_day=row["last_day"], area=row["area"], home_area=row["home_area"],
                owned=_yes(row["owned"]), basis_cents=row["basis_cents"], land_cents=row["land_cents"] or 0,
                direct_cents=_or(yearly.get("direct_cents"), direct),
                indirect_cents=_or(yearly.get("indirect_cents"), indirect),
                mortgage_interest_cents=yearly.get("mortgage_interest_cents") or 0,
                property_tax_cents=yearly.get("property_tax_cents") or 0,
                carry_operating_cents=_or(yearly.get("carry_operating_cents"), carried[0]),
                carry_depreciation_cents=_or(yearly.get("carry_depreciation_cents"), carried[1]),
            ))  # fmt: skip
        return found

    def _home_carried(self, business: int) -> tuple[int, int]:
        """Return what last year's limit left over: as worked out, else as the profile says of last year's return."""
        own = {row["id"] for row in self.home_rows if row["business_id"] == business}
        known = {
            row["year"]
            for row in self.books.tax_facts.rows("home_office_year")
            if row["home_office_id"] in own and row["method"] is not None
        }
        if self.year - 1 not in known:
            from app.core.tax.profile_keys import cents_of  # noqa: PLC0415 - as above

            values, source = self.books.settings.profile(self.year)
            stated = values.get("carryover_home_office") if source == self.year else None
            first = self.books.settings.businesses()[0].id
            return (cents_of("carryover_home_office", stated) if stated and business == first else 0), 0
        before = self._before(business)
        return (before.home.carry_operating, before.home.carry_depreciation) if before else (0, 0)

    def _pool(self, business: int, home: Mapping[str, Any]) -> tuple[int, int]:
        """Return the tagged costs of the home while the office was in use: of the office alone, and of all of it."""
        direct = indirect = 0
        for row in self.tagged:
            tags = set(row.tags.split())
            used = row.day >= home["first_day"] and (home["last_day"] is None or row.day <= home["last_day"])
            if HOME_POOL not in tags or not used or row.line != "NONE" or row.business_id != business:
                continue
            if HOME_DIRECT in tags:
                direct -= row.value
            else:
                indirect -= row.value
        return max(0, direct), max(0, indirect)


def vehicles(books: Books) -> list[Vehicle]:
    """Return every vehicle with what its years say."""
    from app.core.tax.business.vehicle import Vehicle, VehicleYear  # noqa: PLC0415 - as above

    years: dict[int, dict[int, VehicleYear]] = defaultdict(dict)
    for row in books.tax_facts.rows("vehicle_year"):
        years[row["vehicle_id"]][row["year"]] = VehicleYear(
            method=row["method"], business_miles=row["business_miles"],
            late_business_miles=row["late_business_miles"], commuting_miles=row["commuting_miles"],
            other_miles=row["other_miles"], actual_cents=row["actual_cents"], interest_cents=row["interest_cents"] or 0,
            property_tax_cents=row["property_tax_cents"] or 0, personal_use=_yes(row["personal_use"]),
            another_car=_yes(row["another_car"]), evidence=_yes(row["evidence"]), written=_yes(row["written"]),
        )  # fmt: skip
    return [
        Vehicle(
            key=str(row["id"]), name=row["name"], kind=row["kind"], leased=bool(row["leased"]),
            in_service=row["in_service"], acquired=row["acquired"], basis_cents=row["basis_cents"],
            section_179_cents=row["section_179_cents"], bonus=bool(row["bonus"]), first_method=row["first_method"],
            sold=row["sold"], years=years[row["id"]],
        )
        for row in books.tax_facts.rows("vehicle")
    ]  # fmt: skip


def _asset(row: Mapping[str, Any], years: list[dict[str, Any]]) -> Asset:
    from app.core.tax.business.depreciation import Asset  # noqa: PLC0415 - as above

    made = Asset(
        key=f"asset {row['id']}", name=row["name"], cost_cents=row["cost_cents"], in_service=row["in_service"],
        acquired=_or(row["acquired"], row["in_service"]), life=row["life"], straight=row["method"] == "straight",
        listed=bool(row["listed"]), bonus=bool(row["bonus"]), section_179_cents=row["section_179_cents"],
        prior_cents=row["prior_cents"], prior_year=row["prior_year"], sold=row["sold"],
    )  # fmt: skip
    shares = {each["year"]: each["business_percent"] for each in years if each["asset_id"] == row["id"]}
    return replace(made, shares={made.year: row["business_percent"], **shares})


def _yes(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def _or(value: int | None, otherwise: int) -> int:
    return otherwise if value is None else value
