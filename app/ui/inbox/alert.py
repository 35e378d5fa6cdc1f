"""The one thing that is wrong, as a banner with its way out; closed, it stays away until it is another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from app.ui.widgets.banner import Banner

if TYPE_CHECKING:
    from app.services.today import Alert
    from app.ui.frame.page import Frame


class AlertBanner(Banner):
    """Emits `review_wanted` for what is mended by a question of this page."""

    review_wanted = Signal()

    def __init__(self, frame: Frame) -> None:
        super().__init__("warn", "", "")
        self._frame = frame
        self._alert: Alert | None = None
        self._closed = ""
        self.acted.connect(self._mend)
        self.closed.connect(self._close_it)
        self.hide()

    def show_alert(self, alert: Alert | None) -> None:
        self._alert = alert
        shown = alert is not None and alert.key != self._closed
        self.setVisible(shown)
        if alert is not None and shown:
            self.set_banner("warn", alert.title, alert.text, alert.action)

    def _close_it(self) -> None:
        self._closed = self._alert.key if self._alert is not None else ""

    def _mend(self) -> None:
        alert = self._alert
        if alert is None:
            return
        if alert.target == "review":
            self.review_wanted.emit()
        elif alert.target in {"security", "backups"}:
            self._frame.go("settings", section=alert.target)
        else:
            self._frame.go(alert.target, account=alert.account_id, month=alert.month)
