"""The sentences about linked banks: how long ago, what is still loading, what a person must do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.core.errors import AppError, BankRefused, BankUnreachable
from app.ui.runtime.bank_port import COMPLETE, GONE, RECONNECT, Link

_MINUTE, _HOUR, _DAY = 60_000, 3_600_000, 86_400_000
_NAMED = 3
"""So many rows that could not be read are named; a banner is no list."""

Said = tuple[str, str, str]
"""What is so, what it means, and what the button says."""


def ago(at: int | None, now: int) -> str:
    """Return `just now`, `2 minutes ago`, `3 hours ago`, `2 days ago`."""
    if at is None:
        return "never"
    past = max(0, now - at)
    for size, word in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        if past >= size:
            many = past // size
            return f"{many} {word}{'' if many == 1 else 's'} ago"
    return "just now"


def last_synced(link: Link, now: int) -> str:
    return "not synced yet" if link.synced_at is None else f"last synced {ago(link.synced_at, now)}"


def second_line(link: Link, now: int, trouble: AppError | None) -> str:
    """Return what stands under a linked account's name."""
    parts = [link.institution, "linked", last_synced(link, now)]
    if isinstance(trouble, BankUnreachable):
        parts.append("offline")
    return ", ".join(part for part in parts if part)


def badge(link: Link, trouble: AppError | None, *, running: bool) -> tuple[str, str] | None:
    """Return the look and the words of what is to be known of a linked account; None when all is in order."""
    if running:
        return "quiet", "fetching"
    if link.health == RECONNECT:
        return "warn", "sign in again"
    if link.health == GONE:
        return "warn", "ended at the bank"
    if link.history != COMPLETE:
        return "quiet", "history is still loading"
    if isinstance(trouble, BankRefused) and trouble.retry == "no":
        return "warn", "stopped"
    if trouble is not None and not isinstance(trouble, BankUnreachable):
        return "quiet", "bank does not answer"
    return None


def sign_in(institution: str) -> Said:
    return (
        f"{institution} wants you to sign in again.",
        "Until then nothing new comes from it; what is here stays.", "Sign in again",
    )  # fmt: skip


def ended(institution: str) -> Said:
    return (
        f"The link to {institution} was ended at the bank or at my.plaid.com.",
        "Your transactions stay. Connect the bank anew, or take the link off here.", "See what can be done",
    )  # fmt: skip


def permission(link: Link) -> Said:
    """Return what is said of a bank whose permission was given for a time that is nearly over."""
    day = link.permission_ends
    when = "soon" if day is None else f"on {day:%B} {day.day}, {day.year}"
    return (
        f"Your permission at {link.institution} {'ended' if link.permission_days < 0 else 'ends'} {when}.",
        "Sign in at the bank again to go on; what is here stays.", "Reconnect",
    )  # fmt: skip


def loading(institution: str) -> Said:
    return (
        f"{institution} is still sending older transactions.",
        "Figures of a year are not complete before that; it goes on by itself.", "",
    )  # fmt: skip


def status(links: Sequence[Link], running: int | None, troubles: Mapping[int, AppError], now: int) -> str:
    """Return the words of the status row."""
    if not links:
        return ""
    held = next((link for link in links if link.id == running), None)
    if held is not None:
        return f"Fetching {held.institution}"
    asking = [link for link in links if link.health in {RECONNECT, GONE}]
    if asking:
        return f"{asking[0].institution}: sign in again" if asking[0].health == RECONNECT else "A link has ended"
    known = [link.synced_at for link in links if link.synced_at is not None]
    if not known:
        return "Not synced yet"
    words = f"Synced {ago(min(known), now)}"
    return f"{words}, offline" if any(isinstance(each, BankUnreachable) for each in troubles.values()) else words


def brought(institution: str, added: int, modified: int, removed: int) -> str:
    """Return what a sync brought."""
    parts = []
    if added:
        parts.append(f"{added:,} new transaction{'' if added == 1 else 's'}")
    if modified:
        parts.append(f"{modified:,} changed")
    if removed:
        parts.append(f"{removed:,} taken back by the bank")
    return f"{institution}: {', '.join(parts)}." if parts else f"{institution}: nothing new."


def joined(accounts: Sequence[tuple[str, str]]) -> str:
    """Return which accounts of a bank turned out to be accounts of the books."""
    return " ".join(f"{theirs} is your account {ours}: its transactions go there." for theirs, ours in accounts)


def unread(institution: str, rows: Sequence[tuple[str, str]]) -> Said:
    """Return what is said of rows that came incomplete."""
    many = "1 transaction" if len(rows) == 1 else f"{len(rows):,} transactions"
    named = "; ".join(f"{account}: {reason}" for account, reason in rows[:_NAMED])
    more = f"; and {len(rows) - _NAMED:,} more" if len(rows) > _NAMED else ""
    later = (
        "It comes in by itself when the bank sends it whole; until then you can add it by hand."
        if len(rows) == 1
        else "They come in by themselves when the bank sends them whole; until then you can add them by hand."
    )
    return (
        f"{many} of {institution} came incomplete and {'is' if len(rows) == 1 else 'are'} not booked.",
        f"{named}{more}. {later}", "",
    )  # fmt: skip


def first(added: int) -> str:
    """Return what the first fetch brought."""
    return (
        "No transaction has come yet."
        if not added
        else f"{added:,} transaction{' is' if added == 1 else 's are'} here."
    )


def wait(ms: int) -> str:
    """Return when a bank can be asked for again."""
    minutes = -(-ms // _MINUTE)
    return f"A bank is asked at most once in five minutes; again in {minutes} minute{'' if minutes == 1 else 's'}."


_WAY_OUT = {
    "bad_proof": "Set the bank link up again.",
    "bad_certificate": "Set the bank link up again.",
    "certificate_expired": "Set the bank link up again; where your relay wants one, with a new invitation.",
    "bad_grant": "Ask whoever runs your relay for a new one.",
    "not_found": "Check the address of the relay.",
    "unsupported": "Download a file at your bank’s website and import it.",
    "reconnect": "Sign in there again; what was fetched before stays.",
    "bad_link": "Begin again.",
    "misconfigured": "With own keys, check them at dashboard.plaid.com; else tell whoever runs your relay.",
}
"""What to do, where the hint of the command line names commands."""


def way_out(error: AppError) -> str:
    """Return what a person can do about an error of the bank link, in words of the window."""
    if isinstance(error, BankRefused) and error.reason in _WAY_OUT:
        return _WAY_OUT[error.reason]
    is_command = "ops1099" in error.hint or "--" in error.hint
    if not is_command:
        return error.hint
    whom = "Ask whoever runs"
    return "Ask whoever runs your relay for one." if error.hint.startswith(whom) else ""


def error_words(error: AppError) -> str:
    """Return an error for the window, where a grant is called what a person was sent: an invitation."""
    said = error.message.replace("a grant", "an invitation").replace("this grant", "this invitation")
    return f"{said} {way_out(error)}".strip()


def size(count: int) -> str:
    """Return a number of bytes as people read it."""
    if count < 1_000:
        return f"{count} B"
    return f"{count / 1_000:.1f} KB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


_PURPOSES = {
    "relay settings": "what a relay offers", "settings": "what a relay offers", "enrol": "letting this computer in",
    "renew": "letting this computer in", "link": "the bank’s page", "accounts": "your accounts",
    "transactions": "your transactions", "health": "how the link is", "remove": "taking a bank off",
    "rebind": "moving a link here", "rotate": "a new key for a link",
}  # fmt: skip
_BECAUSE = {
    "bank setup": "you set it up", "bank connect": "you connected", "bank reconnect": "you signed in",
    "bank sync": "a sync", "bank disconnect": "you disconnected", "bank status": "you asked how it is",
}  # fmt: skip


def purpose(word: str) -> str:
    return _PURPOSES.get(word, word)


def because(word: str) -> str:
    return _BECAUSE.get(word, word)
