"""How often somebody may ask: moving windows, in Redis or in memory by one setting.

An address is counted for what it asked in vain (no certificate, a bad proof): many honest devices may share one, and
none of them is to pay for that. A device is counted for everything.
"""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from relay.errors import RelayError
from relay.settings import Limits

_VIOLATIONS = RateLimitItemPerMinute(20, 10)
"""So many refusals in ten minutes, and a device waits for the rest of them."""
_ITEMS_DAYS = 30
_AGAIN_AFTER = 5.0


class Limiter:
    """The limits of relay.md 7. Raises: RelayError `limited` with the seconds to wait, `plan_limit` for new Items."""

    def __init__(self, limits: Limits, redis_url: str = "") -> None:
        self._limits = limits
        self._near = MovingWindowRateLimiter(MemoryStorage())
        self._far = (
            MovingWindowRateLimiter(RedisStorage(f"async+{redis_url}", implementation="redispy")) if redis_url else None
        )
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

    async def address_may_ask(self, address: str) -> None:
        """Refuse an address with too many failures, before anything costs."""
        await self._look(RateLimitItemPerMinute(self._limits.failures_per_address), "address", address)

    async def address_failed(self, address: str) -> None:
        await self._count(RateLimitItemPerMinute(self._limits.failures_per_address), "address", address)

    async def device(self, thumbprint: str) -> None:
        """Count a request of a device; one that goes on after refusals is made to wait."""
        await self._look(_VIOLATIONS, "violations", thumbprint)
        try:
            await self._hit(RateLimitItemPerMinute(self._limits.per_device), "device", thumbprint)
        except RelayError:
            await self._count(_VIOLATIONS, "violations", thumbprint)
            raise

    async def link(self, subject: str) -> None:
        await self._hit(RateLimitItemPerHour(self._limits.links_per_hour), "link-hour", subject)
        await self._hit(RateLimitItemPerDay(self._limits.links_per_day), "link-day", subject)

    async def has_room(self, subject: str, max_items: int) -> None:
        """Refuse a new bank when the plan's number of the last thirty days is used up."""
        item = RateLimitItemPerDay(max_items, _ITEMS_DAYS)
        if not await self._test(item, "items", subject):
            raise RelayError("plan_limit")

    async def new_item(self, subject: str, max_items: int) -> None:
        await self._count(RateLimitItemPerDay(max_items, _ITEMS_DAYS), "items", subject)

    async def item(self, what: str, item_id: str) -> None:
        """Count a call for one Item, then against what all devices together may use of the provider's limit."""
        await self._hit(self._item[what], f"item-{what}", item_id)
        if what in self._all:
            await self._hit(self._all[what], "all", what)

    # --- both stores

    async def _hit(self, item: RateLimitItem, *names: str) -> None:
        for limiter in self._reachable():
            try:
                if await limiter.hit(item, *names):
                    return
                after = (await limiter.get_window_stats(item, *names)).reset_time - time.time()
            except RedisError:
                self._lost()
                continue
            raise RelayError("limited", after=max(1, math.ceil(after)))

    async def _look(self, item: RateLimitItem, *names: str) -> None:
        for limiter in self._reachable():
            try:
                if await limiter.test(item, *names):
                    return
                after = (await limiter.get_window_stats(item, *names)).reset_time - time.time()
            except RedisError:
                self._lost()
                continue
            raise RelayError("limited", after=max(1, math.ceil(after)))

    async def _test(self, item: RateLimitItem, *names: str) -> bool:
        for limiter in self._reachable():
            try:
                return await limiter.test(item, *names)
            except RedisError:
                self._lost()
        return False

    async def _count(self, item: RateLimitItem, *names: str) -> None:
        for limiter in self._reachable():
            try:
                await limiter.hit(item, *names)
            except RedisError:
                self._lost()
                continue
            return

    def _reachable(self) -> list[MovingWindowRateLimiter]:
        """Return the stores to ask, in order: memory answers when Redis does not."""
        if self._far is not None and time.monotonic() >= self._down_until:
            return [self._far, self._near]
        return [self._near]

    def _lost(self) -> None:
        self._down_until = time.monotonic() + _AGAIN_AFTER
