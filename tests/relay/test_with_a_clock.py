"""What depends on the time of day, with a clock the test holds: certificates, nonces, limits, the deny list."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from relay import certificates
from relay.admission import DenyList
from relay.certificates import OPEN, Grant, Office
from relay.errors import RelayError
from relay.limits import Limiter, subscriber
from relay.proof import Nonces
from relay.settings import Limits
from relay.shared_state import Memory, Shared

DAY = 86_400


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def code(work: Coroutine[Any, Any, Any]) -> str:
    """Run it and return the code it is refused with, "" for none."""
    try:
        asyncio.run(work)
    except RelayError as error:
        return error.code
    return ""


def test_a_certificate_lasts_thirty_days_is_renewed_from_ten_before_and_up_to_ninety_after(clock: Clock) -> None:
    office = Office(Ed25519PrivateKey.generate(), issuer="relay", env="sandbox", clock=clock)
    text, expires = office.issue("jkt", Grant("g", "personal", 3, 0, once=True))
    assert expires == clock.now + 30 * DAY
    held = office.read(text, thumbprint="jkt")
    assert (held.plan, held.max_items, held.grant) == ("personal", 3, "g")
    told = [
        (days, held.may_renew(expires + days * DAY), held.is_over(expires + days * DAY)) for days in (-11, -9, 89, 91)
    ]
    assert told == [(-11, False, False), (-9, True, False), (89, True, False), (91, True, True)]
    clock.now = expires + 61
    with pytest.raises(RelayError) as ended:
        office.read(text, thumbprint="jkt")
    assert ended.value.code == "certificate_expired"
    assert office.read(text, thumbprint="jkt", even_expired=True).subject == held.subject


def test_to_enrol_again_with_the_same_grant_is_no_way_to_a_fresh_plan() -> None:
    office = Office(Ed25519PrivateKey.generate(), issuer="relay", env="sandbox")
    grant = Grant("g", "personal", 3, 0, once=True)
    subjects = [
        office.read(office.issue(device, given)[0], thumbprint=device).subject
        for device, given in (("a", grant), ("a", grant), ("b", grant), ("a", OPEN))
    ]
    assert subjects[0] == subjects[1]
    assert len(set(subjects)) == 3


@pytest.mark.parametrize(
    ("issuer", "env", "device"),
    [("other", "sandbox", "jkt"), ("relay", "production", "jkt"), ("relay", "sandbox", "x")],
)
def test_a_certificate_for_another_relay_environment_or_device_is_none(issuer: str, env: str, device: str) -> None:
    key = Ed25519PrivateKey.generate()
    text, _ = Office(key, issuer=issuer, env=env).issue("jkt", OPEN)
    with pytest.raises(RelayError) as refused:
        Office(key, issuer="relay", env="sandbox").read(text, thumbprint=device)
    assert refused.value.code == "bad_certificate"


@pytest.mark.parametrize("change", [{"expires": 1}, {"max_items": 0}, {"number": ""}])
def test_a_grant_that_says_too_little_is_none(change: dict[str, Any], clock: Clock) -> None:
    key = Ed25519PrivateKey.generate()
    good = {"number": "g", "plan": "p", "max_items": 1, "expires": int(clock.now) + DAY, "once": True}
    certificates.read_grant(certificates.sign_grant(key, Grant(**good)), key.public_key(), clock)
    with pytest.raises(RelayError):
        certificates.read_grant(certificates.sign_grant(key, Grant(**{**good, **change})), key.public_key(), clock)


def test_a_nonce_lasts_five_minutes_for_one_device_and_not_from_before_a_start(clock: Clock) -> None:
    nonces = Nonces(secrets.token_bytes(32), clock)
    nonce, began = nonces.issue("jkt"), clock.now
    assert len(nonce) == 28
    assert nonces.accepts(nonce, "jkt", began)
    assert not nonces.accepts(nonce, "other")
    assert not Nonces(secrets.token_bytes(32), clock).accepts(nonce, "jkt")
    assert not nonces.accepts(nonce, "jkt", began + 0.001)
    for later, fresh in ((299, True), (301, False), (-4, True), (-6, False)):
        clock.now = began + later
        assert nonces.accepts(nonce, "jkt") is fresh


def test_the_deny_list_is_read_again_every_minute(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "denied"
    path.write_text("# none yet\n")
    denied = DenyList(path, Shared(None), clock)
    assert code(denied.refuse("jkt", "grant")) == ""
    path.write_text("jkt  # lost laptop\n\n  spaced  \n")
    clock.now += 59
    assert code(denied.refuse("jkt")) == ""
    clock.now += 1
    assert code(denied.refuse("jkt")) == "blocked"
    assert code(denied.refuse("spaced")) == "blocked"
    assert code(denied.refuse("jk", "#", "lost", "")) == ""
    path.unlink()
    clock.now += 60
    # A list that is not there for a moment lets nobody in.
    assert code(denied.refuse("jkt")) == "blocked"
    path.write_text("")
    clock.now += 60
    assert code(denied.refuse("jkt")) == ""


def test_limits_of_an_item_and_of_all_devices_together(clock: Clock) -> None:
    limiter = Limiter(Limits(sync_per_item=2, all_sync=3, live_balance_per_item_hour=1), clock=clock)

    async def told() -> list[str]:
        asked = [
            ("sync", "a"),
            ("sync", "a"),
            ("sync", "a"),
            ("sync", "b"),
            ("sync", "c"),
            ("balance", "a"),
            ("balance", "a"),
        ]
        return [await refusal(limiter.item(*each)) for each in asked]

    assert asyncio.run(told()) == ["", "", "limited 60", "", "limited 60", "", "limited 3600"]
    clock.now += 60
    assert asyncio.run(told()) == ["", "", "limited 60", "", "limited 60", "limited 3540", "limited 3540"]


def test_links_by_the_hour_and_the_day(clock: Clock) -> None:
    limiter = Limiter(Limits(links_per_hour=2, links_per_day=3), clock=clock)

    async def told(times: int) -> list[str]:
        return [await refusal(limiter.link("s")) for _ in range(times)]

    assert asyncio.run(told(3)) == ["", "", "limited 3600"]
    clock.now += 3_601
    assert asyncio.run(told(2)) == ["", f"limited {DAY - 3_601}"]


def test_banks_of_a_plan_are_counted_over_thirty_days(clock: Clock) -> None:
    limiter = Limiter(Limits(), clock=clock)

    async def told() -> list[Any]:
        return [await limiter.takes_room("s", 2), await refusal(limiter.has_room("s", 2))]

    assert asyncio.run(told()) == [True, ""]
    assert asyncio.run(told()) == [True, "plan_limit None"]
    assert asyncio.run(told()) == [False, "plan_limit None"]
    clock.now += 30 * DAY + 1
    assert asyncio.run(told()) == [True, ""]


def test_an_address_that_goes_on_while_refused_waits_ten_minutes_and_the_log_says_so_once(clock: Clock) -> None:
    said: list[str] = []
    limiter = Limiter(Limits(failures_per_address=2), clock=clock, note=said.append)

    async def told(address: str, times: int) -> list[str]:
        answers = []
        for _ in range(times):
            answers.append(await refusal(limiter.address_may_ask(address)))
            await limiter.address_failed(address)
        return answers

    answers = asyncio.run(told("192.0.2.1", 130))
    assert (answers[:2], answers[2], answers[-1]) == (["", ""], "limited 60", "limited 600")
    assert said == ["address_waits"]
    assert asyncio.run(told("192.0.2.2", 1)) == [""]
    clock.now += 61
    assert asyncio.run(told("192.0.2.1", 1)) == ["limited 539"]
    clock.now += 540
    assert asyncio.run(told("192.0.2.1", 1)) == [""]


@pytest.mark.parametrize(
    ("address", "same"),
    [("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
     ("2001:db8:1:2::1", "2001:db8:1:2::/64"), ("fe80::1%eth0", "fe80::/64"), ("nonsense", ""), ("", "")],
)  # fmt: skip
def test_an_ipv6_network_is_one_address(address: str, same: str) -> None:
    assert subscriber(address) == same


def test_values_in_memory_end_by_themselves(clock: Clock) -> None:
    memory = Memory(clock)

    async def story() -> None:
        assert await memory.once("a", b"1", 60)
        assert not await memory.once("a", b"2", 60)
        for n in range(5):
            await memory.append("l", b"%d" % n, 60, 3)
        assert await memory.listed("l") == [b"2", b"3", b"4"]
        clock.now += 60
        assert await memory.get("a") is None
        assert await memory.listed("l") == []
        assert await memory.once("a", b"2", 60)

    asyncio.run(story())


def test_memory_does_not_grow_with_values_that_have_ended(clock: Clock) -> None:
    memory = Memory(clock)

    async def story() -> int:
        for n in range(1_000):
            clock.now += 1
            await memory.once(str(n), b"1", 60)
        return len(memory._values)

    assert asyncio.run(story()) <= 61


async def refusal(work: Coroutine[Any, Any, Any]) -> str:
    try:
        await work
    except RelayError as error:
        return f"{error.code} {error.after}"
    return ""
