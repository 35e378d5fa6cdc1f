"""Moving windows in the memory of this process.

The storage that `limits` brings looks through all keys in threads at almost every request; this one looks only at the
key that is asked for, and at the oldest keys when there are many.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

from limits.aio.storage import MemoryStorage

_MOST_KEYS = 50_000


class MovingWindows(MemoryStorage):
    """What `MovingWindowRateLimiter` asks of a storage; the windows nobody asked for longest go first."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._clock = clock
        self._windows: OrderedDict[str, deque[float]] = OrderedDict()

    async def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        now = self._clock()
        window = self._window(key, now - expiry)
        if len(window) + amount > limit:
            return False
        window.extend([now] * amount)
        return True

    async def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        del limit
        now = self._clock()
        window = self._window(key, now - expiry)
        return (window[0] if window else now), len(window)

    def _window(self, key: str, since: float) -> deque[float]:
        window = self._windows.setdefault(key, deque())
        self._windows.move_to_end(key)
        while window and window[0] <= since:
            window.popleft()
        while len(self._windows) > _MOST_KEYS:
            self._windows.popitem(last=False)
        return window
