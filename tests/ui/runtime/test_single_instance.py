"""One window for each home: a second start hands its files over, a command line may ask it to lock."""

from __future__ import annotations

import json
import os
import socket as stdlib_socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtNetwork import QLocalSocket
from ui.doors import door, make_books, words

from app.adapters import window_socket
from app.ui.runtime.single_instance import SingleInstance, hand_over, is_foreign, socket_name

ROOT = Path(__file__).parents[3]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "home"
    make_books(made).close()
    return made


@pytest.fixture
def listen(qtbot: Any) -> Iterator[Callable[[Path], SingleInstance]]:
    """Listens for homes; all stop in the end."""
    made: list[SingleInstance] = []

    def start(home: Path) -> SingleInstance:
        made.append(SingleInstance(home))
        return made[-1]

    yield start
    for instance in made:
        instance.deleteLater()


def in_another_process(home: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start the program as a person would, on the same home."""
    return subprocess.Popen(
        [sys.executable, "-m", "app", "gui", "--home", str(home), *arguments],
        cwd=ROOT, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def ended(process: subprocess.Popen[str]) -> bool:
    return process.poll() is not None


def test_a_second_start_hands_its_files_to_the_first_and_goes(
    make_window: Any, listen: Any, home: Path, tmp_path: Path, qtbot: Any
) -> None:
    window = make_window(home)
    instance = listen(home)
    instance.handed_over.connect(window.taken_over)
    second = in_another_process(home, str(tmp_path / "november.ofx"))
    qtbot.waitUntil(lambda: ended(second), timeout=30_000)
    out, err = second.communicate()
    assert (second.returncode, out, err) == (0, "", "")
    assert window.incoming.waiting == [tmp_path / "november.ofx"]
    assert "1 file waits" in words(window)
    assert door(window).card.isVisible()


def test_the_command_line_locks_the_window_without_qt(listen: Any, home: Path, qtbot: Any) -> None:
    instance = listen(home)
    command = [sys.executable, "-X", "importtime", "-m", "app", "--home", str(home), "--json", "vault", "lock"]
    with qtbot.waitSignal(instance.lock_asked, timeout=30_000):
        asking = subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, loaded = asking.communicate(timeout=30)
    assert (asking.returncode, json.loads(out)["locked"]) == (0, True)
    assert "PySide6" not in loaded
    assert window_socket.socket_name(home) == socket_name(home)
    instance.close()
    assert not window_socket.ask(home, "lock")


def send(name: str, data: bytes, qtbot: Any) -> bytes:
    socket = QLocalSocket()
    socket.connectToServer(name)
    assert socket.waitForConnected(1000)
    socket.write(data)
    socket.flush()
    qtbot.waitUntil(
        lambda: socket.bytesAvailable() > 0 or socket.state() is QLocalSocket.LocalSocketState.UnconnectedState,
        timeout=5_000,
    )
    return bytes(socket.readAll().data())


def test_a_command_line_can_ask_for_a_lock(tmp_path: Path, listen: Any, qtbot: Any) -> None:
    instance = listen(tmp_path)
    with qtbot.waitSignal(instance.lock_asked, timeout=5_000):
        assert send(socket_name(tmp_path), b'{"command": "lock", "files": []}\n', qtbot) == b"ok\n"


@pytest.mark.parametrize(
    "data", [b"nonsense\n", b"[]\n", b'{"command": "show"}\n', b'{"files": 3, "command": "show"}\n']
)
def test_what_is_no_request_is_dropped(tmp_path: Path, listen: Any, qtbot: Any, data: bytes) -> None:
    instance = listen(tmp_path)
    seen: list[object] = []
    instance.handed_over.connect(seen.append)
    assert send(socket_name(tmp_path), data, qtbot) == b""
    assert seen == []


def test_a_request_without_end_is_cut_off(tmp_path: Path, listen: Any, qtbot: Any) -> None:
    instance = listen(tmp_path)
    seen: list[object] = []
    instance.handed_over.connect(seen.append)
    assert send(socket_name(tmp_path), b"[" * 300_000, qtbot) == b""
    assert send(socket_name(tmp_path), b"[" * 100_000 + b"\n", qtbot) == b""
    assert seen == []


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can stand in for another user")
def test_a_socket_another_user_put_there_is_not_spoken_to(tmp_path: Path, listen: Any) -> None:
    place = Path(os.environ.get("TMPDIR") or "/tmp") / socket_name(tmp_path)
    with stdlib_socket.socket(stdlib_socket.AF_UNIX) as squatter:
        squatter.bind(str(place))
        try:
            squatter.listen()
            os.chown(place, 12345, 12345)
            assert is_foreign(socket_name(tmp_path))
            assert hand_over(tmp_path, [tmp_path / "november.ofx"]) is False
            listen(tmp_path)
            assert place.lstat().st_uid == 12345
        finally:
            place.unlink()


def test_without_a_window_nothing_is_handed_over(tmp_path: Path) -> None:
    assert hand_over(tmp_path, []) is False


def test_the_name_of_the_socket_tells_nothing(tmp_path: Path) -> None:
    assert str(tmp_path) not in socket_name(tmp_path)
    assert socket_name(tmp_path) != socket_name(tmp_path / "other")
    assert socket_name(tmp_path) == socket_name(tmp_path / "x" / "..")


def test_turning_to_other_books_listens_for_them(tmp_path: Path, listen: Any) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    instance = listen(first)
    assert instance.move_to(second)
    assert hand_over(first, []) is False


def test_books_another_window_has_are_left_to_it(
    tmp_path: Path, home: Path, listen: Any, make_window: Any, qtbot: Any
) -> None:
    other = tmp_path / "other"
    make_books(other).close()
    holder = in_another_process(other)
    window = make_window(home)
    window.instance = listen(home)
    try:
        qtbot.waitUntil(lambda: listens(other), timeout=30_000)
        window.open_home(other)
        assert window.session.home == home
        assert "Another window has these books open." in words(window)
    finally:
        holder.terminate()
        holder.communicate()


def listens(home: Path) -> bool:
    socket = QLocalSocket()
    socket.connectToServer(socket_name(home))
    found = socket.waitForConnected(100)
    socket.abort()
    return bool(found)
