"""A Qt for Python that miscounts `None` ends a long session with a crash (docs/adr/0006)."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication


class Sender(QObject):
    sent = Signal(int)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None and True are immortal there and cannot be miscounted")
def test_calls_and_signals_leave_none_and_true_alone(qapp: Any) -> None:
    sender = Sender()
    heard: list[int] = []
    sender.sent.connect(heard.append)
    none, true = sys.getrefcount(None), sys.getrefcount(True)
    for number in range(200):
        sender.sent.emit(number)
        QApplication.processEvents()
    assert len(heard) == 200
    assert sys.getrefcount(None) - none > -50
    assert sys.getrefcount(True) - true > -50
