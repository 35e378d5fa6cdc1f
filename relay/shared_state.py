"""What a few minutes of memory are needed for: proofs already seen, grants used, exchanges under way.

Redis where one is named, so that several instances share it; the process's own memory otherwise, and for as long as
Redis cannot be reached. All values are sealed or hashes.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from relay.errors import RelayError

if TYPE_CHECKING:
    from redis.asyncio import Redis
    from redis.asyncio.lock import Lock

T = TypeVar("T")

_MOST = 100_000
_BEGAN = "began"
_PREFIX = "1099ops:"
_LOCK_SECONDS = 90
"""Longer than an exchange can take: its time-outs add up to 45 seconds."""
_AGAIN_AFTER = 5.0
"""Seconds for which a Redis that failed is not asked again."""


class Memory:
    """Values of one process that end by themselves; the oldest go when there are too many."""

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
        # The oldest of them have mostly ended; a few are looked at with each that comes.
        for oldest in list(islice(self._values, 4)):
            if self._values[oldest][0] <= self._clock():
                del self._values[oldest]
        while len(self._values) > _MOST:
            self._values.popitem(last=False)


class InRedis:
    """The same in Redis, whose own expiry ends the values. Raises: RedisError, which `Shared` catches."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis

    async def first_use(self, number: str, seconds: int, now: float) -> tuple[bool, float]:
        """Keep a number; return whether it was new, and when this Redis began to remember.

        A Redis that was emptied has forgotten which proofs were used: the first to find it so writes down the time.
        """
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.set(_PREFIX + number, b"1", nx=True, ex=seconds)
            pipe.set(_PREFIX + _BEGAN, repr(now), nx=True)
            pipe.get(_PREFIX + _BEGAN)
            kept, _, began = await pipe.execute()
        return bool(kept), float(began)

    async def began(self, now: float) -> float:
        """Return when this Redis began to remember, as above."""
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.set(_PREFIX + _BEGAN, repr(now), nx=True)
            pipe.get(_PREFIX + _BEGAN)
            return float((await pipe.execute())[-1])

    async def once(self, key: str, value: bytes, seconds: int) -> bool:
        return bool(await self.redis.set(_PREFIX + key, value, nx=True, ex=seconds))

    async def get(self, key: str) -> bytes | None:
        found = await self.redis.get(_PREFIX + key)
        return _bytes(found)

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        await self.redis.set(_PREFIX + key, value, ex=seconds)

    async def append(self, key: str, value: bytes, seconds: int, most: int) -> bool:
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.rpush(_PREFIX + key, value)
            pipe.ltrim(_PREFIX + key, -most, -1)
            pipe.expire(_PREFIX + key, seconds)
            await pipe.execute()
        return True

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
        self._is_lost = False
        self.not_before = time.time() if redis is None else 0.0

    @property
    def is_shared(self) -> bool:
        """Say whether a Redis is meant to be there."""
        return self._far is not None

    @property
    def is_degraded(self) -> bool:
        """Say whether the Redis that is meant to be there did not answer lately."""
        return self._far is not None and time.monotonic() < self._down_until

    async def first_use(self, number: str, *, seconds: int) -> bool:
        """Say whether a proof's number is new. It may move `not_before`: look at that afterwards."""
        is_new = await self._memory.once(number, b"1", seconds)
        told = await self._far_or_none(lambda far: far.first_use(number, seconds, time.time()))
        if told is None:
            return is_new
        is_new_there, memory_began = told
        self.not_before = max(self.not_before, memory_began)
        return is_new and is_new_there

    async def look(self) -> None:
        """Learn whether Redis is there and remembers, before a nonce is issued that depends on it."""
        began = await self._far_or_none(lambda far: far.began(time.time()))
        self.not_before = max(self.not_before, began or 0)

    async def once(self, key: str, value: bytes = b"1", *, seconds: int) -> bool:
        """Keep a value unless there is one; say whether it was kept."""
        kept = await self._far_or_none(lambda far: far.once(key, value, seconds))
        if kept is None:
            return await self._memory.once(key, value, seconds)
        if kept:
            # Redis may be gone by the time it is asked for.
            await self._memory.put(key, value, seconds)
        return kept

    async def get(self, key: str) -> bytes | None:
        found = await self._far_or_none(lambda far: far.get(key))
        return found if found is not None else await self._memory.get(key)

    async def put(self, key: str, value: bytes, *, seconds: int) -> None:
        # What an exchange gave is kept here too, as above.
        await self._memory.put(key, value, seconds)
        await self._far_or_none(lambda far: far.put(key, value, seconds))

    async def append(self, key: str, value: bytes, *, seconds: int, most: int) -> None:
        if not await self._far_or_none(lambda far: far.append(key, value, seconds, most)):
            await self._memory.append(key, value, seconds, most)

    async def listed(self, key: str) -> list[bytes]:
        found = await self._far_or_none(lambda far: far.listed(key)) or []
        return [*found, *await self._memory.listed(key)]

    async def remove(self, key: str) -> None:
        await self._memory.remove(key)
        await self._far_or_none(lambda far: far.remove(key))

    async def members(self, key: str) -> set[str] | None:
        """Return a set an operator keeps in Redis, None when Redis does not tell."""
        if self._far is None:
            return set()
        return await self._far_or_none(lambda far: far.members(key))

    @asynccontextmanager
    async def alone(self, key: str) -> AsyncIterator[None]:
        """Hold a lock: in this process always, among all instances where Redis answers. Raises: RelayError `busy`."""
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
        lock = await self._far_or_none(lambda far: _held_by(far, key))
        try:
            yield
        finally:
            if lock is not None:
                from redis.exceptions import LockError  # noqa: PLC0415 - as below

                with suppress(LockError):  # it ended by itself: whoever had it longer than that has finished
                    await self._far_or_none(lambda _: lock.release())

    async def _far_or_none(self, ask: Callable[[InRedis], Awaitable[T]]) -> T | None:
        """Ask Redis; None when there is none or it does not answer."""
        if self._far is None or self.is_degraded:
            return None
        try:
            answer = await ask(self._far)
        except redis_failures() as error:
            if _is_of_a_lock(error):
                raise
            self._down_until = time.monotonic() + _AGAIN_AFTER
            if not self._is_lost:
                # Proofs seen until now are known to Redis only.
                self._is_lost, self.not_before = True, time.time()
            return None
        self._is_lost = False
        return answer


async def _held_by(far: InRedis, key: str) -> Lock:
    lock = far.redis.lock(f"{_PREFIX}lock:{key}", timeout=_LOCK_SECONDS, blocking_timeout=_LOCK_SECONDS)
    if not await lock.acquire():
        raise RelayError("busy", after=5)
    return lock


def connected(url: str) -> Redis | None:
    """Return a client of the Redis at `url`, none for an empty one; nothing is sent yet."""
    if not url:
        return None
    from redis.asyncio import Redis  # noqa: PLC0415 - a relay without Redis need not load it

    return Redis.from_url(url, **redis_options())


def redis_failures() -> tuple[type[Exception], ...]:
    """Return what a Redis that fails raises. Looked up when something was raised, as a relay without one loads none."""
    from redis.exceptions import RedisError  # noqa: PLC0415 - as above

    return RedisError, OSError


def _is_of_a_lock(error: Exception) -> bool:
    from redis.exceptions import LockError  # noqa: PLC0415 - as above

    return isinstance(error, LockError)


def redis_options() -> dict[str, Any]:
    """Return how every connection to Redis is made: it answers within a second or counts as gone.

    One repeat is for a connection that was idle while Redis restarted.
    """
    from redis.asyncio.retry import Retry  # noqa: PLC0415 - as above
    from redis.backoff import NoBackoff  # noqa: PLC0415 - as above

    return {"socket_timeout": 1, "socket_connect_timeout": 1, "retry": Retry(NoBackoff(), 1)}
