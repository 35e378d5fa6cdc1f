"""The places of a state whose own income tax is worked out: what the profile's locality may name."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.tax.profile_keys import STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """`choices` are (code, name) by name; empty where no place of the state is worked out, or no state is set."""

    state: str
    choices: tuple[tuple[str, str], ...]

    def code_of(self, text: str) -> str:
        """Return the code of a place typed by its code or its name; empty for any other text."""
        from app.services.tax import tax_figures  # noqa: PLC0415 - loaded with the state's rules

        return tax_figures.place_named(dict(self.choices), text)


def places(state: str) -> Places:
    """Return the places of a state by its two letters."""
    if state not in STATES:
        return Places(state="", choices=())
    from app.services.tax import tax_figures  # noqa: PLC0415 - reads the state's rules

    found = tax_figures.state(state)
    choices = sorted(found.localities.items(), key=lambda place: place[1])
    return Places(state=found.name, choices=tuple(choices))
