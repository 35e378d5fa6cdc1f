"""What a few minutes of memory are needed for: proofs already seen, grants used, exchanges under way.

Redis where one is named, so that several instances share it; the process's own memory otherwise, and for as long as
Redis cannot be reached. All values are sealed or hashes.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol

from redis.exceptions import LockError, RedisError

if TYPE_CHECKING:
    from redis.asyncio import Redis

_MOST = 200_000
_PREFIX = "1099ops:"
_LOCK_SECONDS = 90
"""Longer than an exchange can take: its time-outs add up to 45 seconds."""
_AGAIN_AFTER = 5.0
"""Seconds for which a Redis that failed is not asked again."""


class State(Protocol):
    """Values that end by themselves."""

    async def once(self, key: str, value: bytes, seconds: int) -> bool:
        """Keep a value unless there is one; say whether it was kept."""

    async def get(self, key: str) -> bytes | None: ...

    async def put(self, key: str, value: bytes, seconds: int) -> None: ...

    async def append(self, key: str, value: bytes, seconds: int, most: int) -> None:
        """Add to a list that keeps its newest `most`."""

    async def listed(self, key: str) -> list[bytes]: ...

    async def remove(self, key: str) -> None: ...

    async def members(self, key: str) -> set[str]:
        """Return a set an operator keeps, empty where there is none."""


class Memory:
    """The state of one process; the oldest values go when there are too many."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._values: OrderedDict[str, tuple[float, bytes | list[bytes]]] = OrderedDict()

    async def once(self, key: str, value: bytes, seconds: int) -> bool:
        if self._held(key) is not None:
            return False
        self._keep(key, value, seconds)
        return True

    async def get(self, key: str) -> bytes | None:
        held = self._held(key)
        return held if isinstance(held, bytes) else None

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        self._keep(key, value, seconds)

    async def append(self, key: str, value: bytes, seconds: int, most: int) -> None:
        held = self._held(key)
        self._keep(key, [*(held if isinstance(held, list) else []), value][-most:], seconds)

    async def listed(self, key: str) -> list[bytes]:
        held = self._held(key)
        return list(held) if isinstance(held, list) else []

    async def remove(self, key: str) -> None:
        self._values.pop(key, None)

    async def members(self, key: str) -> set[str]:
        del key
        return set()

    def _held(self, key: str) -> bytes | list[bytes] | None:
        found = self._values.get(key)
        if found is None:
            return None
        if found[0] <= self._clock():
            del self._values[key]
            return None
        return found[1]

    def _keep(self, key: str, value: bytes | list[bytes], seconds: int) -> None:
        self._values[key] = (self._clock() + seconds, value)
        self._values.move_to_end(key)
        while len(self._values) > _MOST:
            self._values.popitem(last=False)


class InRedis:
    """The same in Redis, whose own expiry ends the values. Raises: RedisError, which `Shared` catches."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis

    async def once(self, key: str, value: bytes, seconds: int) -> bool:
        return bool(await self.redis.set(_PREFIX + key, value, nx=True, ex=seconds))

    async def get(self, key: str) -> bytes | None:
        found = await self.redis.get(_PREFIX + key)
        return _bytes(found)

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        await self.redis.set(_PREFIX + key, value, ex=seconds)

    async def append(self, key: str, value: bytes, seconds: int, most: int) -> None:
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.rpush(_PREFIX + key, value)
            pipe.ltrim(_PREFIX + key, -most, -1)
            pipe.expire(_PREFIX + key, seconds)
            await pipe.execute()

    async def listed(self, key: str) -> list[bytes]:
        return [_bytes(value) or b"" for value in await self.redis.lrange(_PREFIX + key, 0, -1)]

    async def remove(self, key: str) -> None:
        await self.redis.delete(_PREFIX + key)

    async def members(self, key: str) -> set[str]:
        return {(_bytes(value) or b"").decode("ascii", "ignore") for value in await self.redis.smembers(_PREFIX + key)}


def _bytes(value: bytes | str | None) -> bytes | None:
    return value.encode() if isinstance(value, str) else value


class _Held:
    """A lock, and how many hold it or wait for it."""

    def __init__(self) -> None:
        self.lock, self.users = asyncio.Lock(), 0


class Shared:
    """The state the relay uses: Redis while it answers, memory in between.

    `not_before` is the moment before which a nonce may have been used by a proof this memory never saw.
    """

    def __init__(self, redis: Redis | None) -> None:
        self._memory = Memory()
        self._far = InRedis(redis) if redis is not None else None
        self._locks: dict[str, _Held] = {}
        self._down_until = 0.0
        self.not_before = time.time() if redis is None else 0.0

    @property
    def is_shared(self) -> bool:
        """Say whether a Redis is meant to be there."""
        return self._far is not None

    @property
    def is_degraded(self) -> bool:
        """Say whether the Redis that is meant to be there did not answer lately."""
        return self._far is not None and time.monotonic() < self._down_until

    async def once(self, key: str, value: bytes = b"1", *, seconds: int) -> bool:
        if (far := self._reachable()) is not None:
            try:
                return await far.once(key, value, seconds)
            except RedisError:
                self._lost()
        return await self._memory.once(key, value, seconds)

    async def get(self, key: str) -> bytes | None:
        if (far := self._reachable()) is not None:
            try:
                found = await far.get(key)
            except RedisError:
                self._lost()
            else:
                if found is not None:
                    return found
        return await self._memory.get(key)

    async def put(self, key: str, value: bytes, *, seconds: int) -> None:
        # What an exchange gave is kept here too: Redis may be gone by the time it is asked for.
        await self._memory.put(key, value, seconds)
        if (far := self._reachable()) is not None:
            try:
                await far.put(key, value, seconds)
            except RedisError:
                self._lost()

    async def append(self, key: str, value: bytes, *, seconds: int, most: int) -> None:
        if (far := self._reachable()) is not None:
            try:
                await far.append(key, value, seconds, most)
            except RedisError:
                self._lost()
            else:
                return
        await self._memory.append(key, value, seconds, most)

    async def listed(self, key: str) -> list[bytes]:
        if (far := self._reachable()) is not None:
            try:
                return await far.listed(key)
            except RedisError:
                self._lost()
        return await self._memory.listed(key)

    async def remove(self, key: str) -> None:
        await self._memory.remove(key)
        if (far := self._reachable()) is not None:
            try:
                await far.remove(key)
            except RedisError:
                self._lost()

    async def members(self, key: str) -> set[str]:
        if (far := self._reachable()) is not None:
            try:
                return await far.members(key)
            except RedisError:
                self._lost()
        return set()

    @asynccontextmanager
    async def alone(self, key: str) -> AsyncIterator[None]:
        """Hold a lock: in this process always, among all instances where Redis answers."""
        own = self._locks.setdefault(key, _Held())
        own.users += 1
        try:
            async with own.lock, self._far_lock(key):
                yield
        finally:
            own.users -= 1
            if not own.users:
                self._locks.pop(key, None)

    @asynccontextmanager
    async def _far_lock(self, key: str) -> AsyncIterator[None]:
        lock = None
        if (far := self._reachable()) is not None:
            lock = far.redis.lock(f"{_PREFIX}lock:{key}", timeout=_LOCK_SECONDS, blocking_timeout=_LOCK_SECONDS)
            try:
                await lock.acquire()
            except (RedisError, LockError):
                lock = None
                self._lost()
        try:
            yield
        finally:
            if lock is not None:
                try:
                    await lock.release()
                except (RedisError, LockError):
                    self._lost()

    def _reachable(self) -> InRedis | None:
        return None if self.is_degraded else self._far

    def _lost(self) -> None:
        self._down_until = time.monotonic() + _AGAIN_AFTER
        # Proofs seen until now are known to Redis only.
        self.not_before = time.time()


def connected(url: str) -> Redis | None:
    """Return a client of the Redis at `url`, none for an empty one; nothing is sent yet."""
    if not url:
        return None
    from redis.asyncio import Redis  # noqa: PLC0415 - a relay without Redis need not load it

    return Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2, health_check_interval=30)
