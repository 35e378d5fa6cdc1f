"""One window for each home: a second start hands over its files and goes."""

from __future__ import annotations

import json
import os
import sys
from hashlib import blake2b
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WAIT_MS = 1500
_LONGEST = 256 * 1024


def socket_name(home: Path) -> str:
    """Return the name of a home's local socket: a hash, so that it tells nothing."""
    return "ops1099-" + blake2b(str(home.resolve()).encode("utf-8", "surrogateescape"), digest_size=10).hexdigest()


def is_foreign(name: str) -> bool:
    """Return whether another user of this computer put something where the socket of that name lies."""
    if sys.platform == "win32":
        return False
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.TempLocation)
    try:
        return os.lstat(Path(folder) / name).st_uid != os.geteuid()
    except OSError:
        return False


def hand_over(home: Path, files: list[Path], command: str = "show") -> bool:
    """Give files to the window that has this home open; False when there is none."""
    name = socket_name(home)
    if is_foreign(name):
        return False
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_WAIT_MS):
        return False
    socket.write(json.dumps({"command": command, "files": [str(path.absolute()) for path in files]}).encode() + b"\n")
    socket.flush()
    answered = socket.waitForReadyRead(_WAIT_MS)
    socket.disconnectFromServer()
    return bool(answered)


class SingleInstance(QObject):
    """Listens for later starts. Emits the files they hand over, and `lock` when a command line asks for it."""

    handed_over = Signal(list)
    lock_asked = Signal()

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._home = home
        self._callers: set[QLocalSocket] = set()
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        self._listen()

    def _listen(self) -> None:
        name = socket_name(self._home)
        if is_foreign(name):
            return
        QLocalServer.removeServer(name)  # what a killed window left behind; a living one would have answered
        self._server.listen(name)

    def close(self) -> None:
        """Stop listening, also to those who are connected just now."""
        self._server.close()
        for socket in list(self._callers):
            socket.abort()

    def move_to(self, home: Path) -> bool:
        """Listen for another home; False when a window has it already, which then comes to the front."""
        if socket_name(home) == socket_name(self._home):
            return True
        if hand_over(home, []):
            return False
        self._server.close()
        self._home = home
        self._listen()
        return True

    def _greet(self) -> None:
        socket = self._server.nextPendingConnection()
        self._callers.add(socket)
        socket.readyRead.connect(lambda: self._read(socket))
        socket.disconnected.connect(lambda: self._leave(socket))

    def _leave(self, socket: QLocalSocket) -> None:
        if socket in self._callers:
            self._callers.discard(socket)
            socket.deleteLater()

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() >= _LONGEST:
                socket.abort()  # no request is that long
            return
        try:
            asked = json.loads(bytes(socket.readLine(_LONGEST).data()))
            files = [Path(str(name)) for name in asked["files"]]
            command = asked["command"]
        except (ValueError, KeyError, TypeError, RecursionError):
            socket.abort()
            return
        socket.write(b"ok\n")
        socket.flush()
        if command == "lock":
            self.lock_asked.emit()
        else:
            self.handed_over.emit(files)
