"""How often somebody may ask: moving windows, in Redis or in memory by one setting.

An address is counted for what it asked in vain (no certificate, a bad proof): many honest devices may share one behind
a router, a VPN or a proxy, and none of them is to pay for the others. A device is counted for everything. Whoever goes
on asking while refused waits for the rest of ten minutes. Addresses are kept as hashes whose key lasts a day.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
import time
from collections.abc import Awaitable, Callable
from typing import Any

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter

from relay.encoding import b64url
from relay.errors import RelayError
from relay.moving_windows import MovingWindows
from relay.settings import Limits
from relay.shared_state import redis_failures, redis_options

_VIOLATIONS = RateLimitItemPerMinute(20, 10)
"""So many refusals in ten minutes, and a device waits for the rest of them."""
_ADDRESS_VIOLATIONS = RateLimitItemPerMinute(120, 10)
"""The same for an address, with room for the devices that share it."""
_STALE = RateLimitItemPerMinute(30)
"""Old nonces of one device: it needs a fresh one every five minutes, and after a restart of the relay."""
_ITEMS_DAYS = 30
_AGAIN_AFTER = 5.0
_IPV6_PREFIX = 64
"""One subscriber has as many IPv6 addresses as he likes below this."""
_DAY = 86_400


class Limiter:
    """The limits of docs/relay.md. Raises: RelayError `limited` with the seconds to wait, `plan_limit` for new Items.

    `note` takes the name of an event for the log: somebody was made to wait.
    """

    def __init__(
        self, limits: Limits, redis_url: str = "", *, key: bytes = b"", note: Callable[[str], None] = lambda _: None,
        clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self._limits, self._key, self._note, self._clock = limits, key, note, clock
        self._near = MovingWindowRateLimiter(MovingWindows(clock))
        self._far = (
            MovingWindowRateLimiter(RedisStorage(f"async+{redis_url}", implementation="redispy", **redis_options()))
            if redis_url else None
        )  # fmt: skip
        self._down_until = 0.0
        per_minute = RateLimitItemPerMinute
        self._item = {
            "sync": per_minute(limits.sync_per_item), "item": per_minute(limits.item_per_item),
            "accounts": per_minute(limits.accounts_per_item),
            "balance": RateLimitItemPerHour(limits.live_balance_per_item_hour),
            "refresh": RateLimitItemPerHour(limits.refresh_per_item_hour),
        }  # fmt: skip
        self._all = {
            "sync": per_minute(limits.all_sync), "item": per_minute(limits.all_item),
            "accounts": per_minute(limits.all_accounts),
        }  # fmt: skip
        self._failures = per_minute(limits.failures_per_address)

    async def address_may_ask(self, address: str) -> None:
        """Refuse an address with too many failures, before anything costs."""
        name = self._address(address)
        await self._look(_ADDRESS_VIOLATIONS, "address-violations", name)
        try:
            await self._look(self._failures, "address", name)
        except RelayError:
            await self._violated(_ADDRESS_VIOLATIONS, "address-violations", name, "address_waits")
            raise

    async def address_failed(self, address: str) -> None:
        await self._count(self._failures, "address", self._address(address))

    async def device(self, thumbprint: str) -> None:
        """Count a request of a device; one that goes on after refusals is made to wait."""
        await self._look(_VIOLATIONS, "violations", thumbprint)
        try:
            await self._hit(RateLimitItemPerMinute(self._limits.per_device), "device", thumbprint)
        except RelayError:
            await self._violated(_VIOLATIONS, "violations", thumbprint, "device_waits")
            raise

    async def may_have_old_nonce(self, thumbprint: str) -> bool:
        """Say whether a device comes with an old nonce no oftener than a restart or an hour's sleep explains."""
        return bool(await self._asked(lambda store: store.hit(_STALE, "stale", thumbprint), otherwise=True))

    async def link(self, subject: str) -> None:
        await self._hit(RateLimitItemPerHour(self._limits.links_per_hour), "link-hour", subject)
        await self._hit(RateLimitItemPerDay(self._limits.links_per_day), "link-day", subject)

    async def has_room(self, subject: str, max_items: int) -> None:
        """Refuse a new bank when the plan's number of the last thirty days is used up."""
        item = RateLimitItemPerDay(max_items, _ITEMS_DAYS)
        if not await self._asked(lambda store: store.test(item, "items", subject), otherwise=False):
            raise RelayError("plan_limit")

    async def takes_room(self, subject: str, max_items: int) -> bool:
        """Count a new bank; say whether the plan has room for it."""
        item = RateLimitItemPerDay(max_items, _ITEMS_DAYS)
        return bool(await self._asked(lambda store: store.hit(item, "items", subject), otherwise=True))

    async def item(self, what: str, item_id: str) -> None:
        """Count a call for one Item, then against what all devices together may use of the provider's limit."""
        await self._hit(self._item[what], f"item-{what}", item_id)
        if what in self._all:
            await self._hit(self._all[what], "all", what)

    # --- both stores

    async def _hit(self, item: RateLimitItem, *names: str) -> None:
        if not await self._asked(lambda store: store.hit(item, *names), otherwise=True):
            await self._refuse(item, *names)

    async def _look(self, item: RateLimitItem, *names: str) -> None:
        if not await self._asked(lambda store: store.test(item, *names), otherwise=True):
            await self._refuse(item, *names)

    async def _refuse(self, item: RateLimitItem, *names: str) -> None:
        stats = await self._asked(lambda store: store.get_window_stats(item, *names), otherwise=None)
        after = stats.reset_time - self._clock() if stats is not None else 1
        raise RelayError("limited", after=max(1, math.ceil(after)))

    async def _count(self, item: RateLimitItem, *names: str) -> None:
        await self._asked(lambda store: store.hit(item, *names), otherwise=None)

    async def _violated(self, item: RateLimitItem, name: str, who: str, event: str) -> None:
        await self._count(item, name, who)
        if not await self._asked(lambda store: store.test(item, name, who), otherwise=True):
            self._note(event)

    async def _asked(self, ask: Callable[[MovingWindowRateLimiter], Awaitable[Any]], *, otherwise: Any) -> Any:
        """Ask Redis, and memory when it does not answer."""
        for store in self._reachable():
            try:
                return await ask(store)
            except redis_failures():
                self._down_until = time.monotonic() + _AGAIN_AFTER
        return otherwise

    def _reachable(self) -> list[MovingWindowRateLimiter]:
        if self._far is not None and time.monotonic() >= self._down_until:
            return [self._far, self._near]
        return [self._near]

    def _address(self, address: str) -> str:
        day = str(int(self._clock()) // _DAY)
        text = f"{day} {subscriber(address)}".encode("utf-8", "replace")
        return b64url(hmac.new(b"1099ops addresses" + self._key, text, hashlib.sha256).digest()[:16])


def subscriber(address: str) -> str:
    """Return what of an address names its owner: all of IPv4, the network of IPv6."""
    try:
        read = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(read, ipaddress.IPv6Address):
        if read.ipv4_mapped is not None:
            return str(read.ipv4_mapped)
        return str(ipaddress.ip_network((int(read), _IPV6_PREFIX), strict=False))
    return str(read)
