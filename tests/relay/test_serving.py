"""How the relay is started: a file, own keys through a descriptor, TLS; and what its doctor says."""

from __future__ import annotations

import ipaddress
import json
import os
import secrets
import ssl
import subprocess
import sys
import time
import tomllib
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from relay import key_files, settings
from relay.errors import STATUS
from relay.settings import Unusable
from scripts.relay_trial import tried
from tests.relay.conftest import ROOT, Device, RelayProcess
from tests.relay.plaid_stand_in import CLIENT_ID, SECRET, PlaidStandIn, account
from tests.relay.redis_server import RedisServer

PACKAGING = ROOT / "packaging" / "relay"


def key() -> str:
    return b64encode(secrets.token_bytes(32)).decode()


class OwnKeys:
    """The relay as the app starts it: everything through its stdin, the port on its stdout."""

    def __init__(self, plaid: PlaidStandIn) -> None:
        self.path_token = secrets.token_hex(20)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "relay", "serve", "--config-fd", "0"], cwd=ROOT, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        config = {
            "listen": "127.0.0.1:0", "plaid_host": plaid.host, "plaid_env": "sandbox",
            "own": {"plaid_client_id": CLIENT_ID, "plaid_secret": SECRET, "seal_keys": [key()], "nonce_key": key(),
                    "signing_key": key(), "path_token": self.path_token},
        }  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(config).encode() + b"\n")
        self._process.stdin.flush()
        self.port = json.loads(self._process.stdout.readline())["port"]
        self.origin = f"http://127.0.0.1:{self.port}/{self.path_token}"

    def ends_with_its_stdin(self) -> int:
        _, self.errors = self._process.communicate(timeout=30)
        return self._process.returncode

    def ends_when_told(self) -> int:
        self._process.terminate()
        code = self._process.wait(timeout=30)
        self._process.communicate()
        return code


@pytest.fixture
def own(plaid: PlaidStandIn) -> Iterator[OwnKeys]:
    made = OwnKeys(plaid)
    yield made
    made._process.kill()
    made._process.communicate()


def test_own_keys_are_served_on_a_secret_path_until_the_app_is_gone(
    own: OwnKeys, plaid: PlaidStandIn, devices: Callable[..., Device]
) -> None:
    device = devices(own).enrol()
    (item,) = device.link(plaid, plaid.new_item(accounts=[account("acc1")]))
    assert device.post("/v1/item", **item)["health"] == "ok"
    bare = f"http://127.0.0.1:{own.port}"
    for url in (
        bare + "/v1/config",
        bare + "/healthz",
        bare + "/x/v1/config",
        own.origin[:-1] + "/v1/config",
        own.origin,
    ):
        assert httpx2.get(url).status_code == 404
    config = own.origin + "/v1/config"
    assert httpx2.get(config).json()["enrolment"] == "open"
    assert httpx2.get(config, headers={"Host": f"localhost:{own.port}"}).status_code == 200
    # A web page that let its own name resolve to this machine.
    assert httpx2.get(config, headers={"Host": f"evil.example:{own.port}"}).status_code == 404
    assert httpx2.get(config, headers={"Origin": "http://evil.example"}).status_code == 404
    command = (
        Path(f"/proc/{own._process.pid}/cmdline").read_bytes() + Path(f"/proc/{own._process.pid}/environ").read_bytes()
    )
    for secret in (SECRET, own.path_token):
        assert secret.encode() not in command
    assert own.ends_with_its_stdin() == 0
    assert own.path_token.encode() not in own.errors
    assert SECRET.encode() not in own.errors


def test_own_keys_end_when_told_though_the_app_is_there(own: OwnKeys) -> None:
    assert own.ends_when_told() in {0, -15}


def test_the_trial_of_the_built_program_finds_a_whole_relay_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert tried([sys.executable, "-m", "relay"]) == "7 calls answered, and it ended with its stdin"


def test_tls_from_one_point_two_on(relays: Callable[..., RelayProcess], tmp_path: Path, plaid: PlaidStandIn) -> None:
    cert = self_signed(tmp_path)
    relay = relays(tls_cert_file="tls.pem", tls_key_file="tls.key", start=False)
    relay.origin = f"https://127.0.0.1:{relay.port}"
    relay.settings["public_origin"] = relay.origin
    trusting = ssl.create_default_context(cafile=str(cert))
    relay.is_up = lambda: _answers(relay.origin, trusting)  # type: ignore[method-assign]
    relay.start()
    assert httpx2.get(relay.origin + "/v1/config", verify=trusting).status_code == 200
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.load_verify_locations(cert)
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(httpx2.HTTPError):
        httpx2.get(relay.origin + "/v1/config", verify=old)


def _answers(origin: str, trusting: ssl.SSLContext) -> bool:
    try:
        return httpx2.get(origin + "/healthz", verify=trusting, timeout=2).status_code == 200
    except httpx2.HTTPError:
        return False


def self_signed(folder: Path, *, days: int = 90) -> Path:
    private = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(1))
        .not_valid_after(now + timedelta(days))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(private, SHA256())
    )  # fmt: skip
    (folder / "tls.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "tls.key").write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "tls.key").chmod(0o600)
    return folder / "tls.pem"


# --- configuration

GOOD: dict[str, Any] = {
    "public_origin": "https://relay.example.com", "plaid_client_id_file": "a", "plaid_secret_file": "b",
    "seal_key_files": ["c"], "nonce_key_file": "d", "signing_key_file": "e", "grant_public_key_file": "f",
}  # fmt: skip


def test_the_least_configuration_is_safe() -> None:
    made = settings.parse(json.dumps(GOOD))
    assert (made.enrolment, made.plaid_env, made.upstream) == ("grant", "sandbox", "https://sandbox.plaid.com")
    assert made.address == ("127.0.0.1", 8700)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"plaid_host": "http://plaid.example"}, "plaid_host must be https"),
        ({"plaid_host": "https://user@plaid.example"}, "plaid_host is a scheme and a host"),
        ({"plaid_host": "https://plaid.example/path"}, "plaid_host is a scheme and a host"),
        ({"public_origin": "http://relay.example"}, "public_origin must be https"),
        ({"public_origin": "", "listen": "0.0.0.0:80"}, "public_origin is needed"),
        ({"enrolment": "open", "plaid_env": "production"}, "for plaid_env"),
        ({"nonce_key_file": None}, "missing: nonce_key_file"),
        ({"tls_cert_file": "x"}, "belong together"),
        ({"listen": "8700"}, "listen is an address and a port"),
        ({"trusted_proxies": ["not an address"]}, "does not appear to be"),
        ({"webhook_secret_files": ["a", "b", "c"]}, "webhook_secret_files"),
        ({"plaid_secret": "x"}, "plaid_secret"),
        ({"limits": {"unheard": 1}}, "limits.unheard"),
    ],
)  # fmt: skip
def test_a_configuration_that_is_not_safe_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(Unusable, match=said):
        settings.parse(json.dumps({**GOOD, **change}))


def test_a_refusal_repeats_no_value() -> None:
    with pytest.raises(Unusable) as refused:
        settings.parse(json.dumps({**GOOD, "plaid_secret": "planted-secret", "listen": ["planted-secret"]}))
    assert "planted-secret" not in str(refused.value)


def test_the_sample_configuration_is_one() -> None:
    text = (PACKAGING / "relay.toml").read_text(encoding="utf-8")
    made = settings.parse(text)
    assert (made.plaid_env, made.enrolment) == ("production", "grant")
    named = set(tomllib.loads(text))
    commented = {line[2:].split(" =")[0] for line in text.splitlines() if line.startswith("# ") and " = " in line}
    wanted = set(settings.Settings.model_fields) - {"own", "plaid_host", "limits"}
    assert wanted <= named | commented


def test_every_setting_and_every_code_is_in_the_document() -> None:
    text = (ROOT / "docs" / "relay.md").read_text(encoding="utf-8")
    names = [*settings.Settings.model_fields, *settings.Limits.model_fields, *STATUS]
    assert [name for name in names if f"`{name}`" not in text] == []


@pytest.mark.parametrize(
    ("name", "content", "mode", "said"),
    [
        ("seal.key", "short\n", 0o600, "no key"), ("nonce.key", "", 0o600, "empty"),
        ("secret", "x\n", 0o604, "chmod 600"),
        ("signing.pem", "-----BEGIN NOTHING", 0o600, "Ed25519"), ("grant-public.pem", "x", 0o644, "Ed25519"),
        ("seal.key", "é" * 32, 0o600, "letters"), ("seal.key", "A" * 70_000, 0o600, "too long"),
    ],
)  # fmt: skip
def test_a_key_file_that_is_none_is_named_and_not_repeated(
    relays: Callable[..., RelayProcess], name: str, content: str, mode: int, said: str
) -> None:
    relay = relays(start=False)
    (relay.keys / name).write_text(content)
    (relay.keys / name).chmod(mode)
    done = serve(relay)
    assert done.returncode == 3
    assert name in done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def serve(relay: RelayProcess) -> subprocess.CompletedProcess[str]:
    return run("serve", "--config", str(relay.written()))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "relay", *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )


def test_keys_are_made_once_and_are_nobody_elses(tmp_path: Path) -> None:
    made = key_files.make(tmp_path / "keys")
    assert {path.name for path in made} == {"seal.key", "nonce.key", "signing.pem", "grant.pem", "grant-public.pem"}
    assert {oct(path.stat().st_mode & 0o777) for path in made} == {"0o600"}
    assert oct((tmp_path / "keys").stat().st_mode & 0o777) == "0o700"
    assert key_files.make(tmp_path / "keys") == []


# --- doctor


def doctor(relay: RelayProcess) -> tuple[int, dict[str, bool]]:
    done = run("doctor", "--json", "--config", str(relay.written()))
    return done.returncode, {each["name"]: each["ok"] for each in json.loads(done.stdout)["checks"]}


def test_an_answer_does_not_wait_for_the_network_to_say_that_its_head_came(
    relay: RelayProcess, device: Device, plaid: PlaidStandIn
) -> None:
    """Head and body are two writes; with Nagle's algorithm the second waits 40 ms for word of the first."""
    (item,) = device.link(plaid, plaid.new_item(accounts=[account("acc1")]))
    took = []
    for _ in range(8):
        began = time.monotonic()
        device.post("/v1/item", **item)
        took.append(time.monotonic() - began)
    assert min(took) < 0.03


def test_the_doctor_finds_a_good_relay_good(relays: Callable[..., RelayProcess], tmp_path: Path) -> None:
    server = RedisServer(tmp_path).start()
    try:
        code, told = doctor(relays(redis_url=server.url, start=False))
    finally:
        server.kill()
    root = hasattr(os, "geteuid") and os.geteuid() == 0 and not Path("/.dockerenv").exists()
    assert [name for name, ok in told.items() if not ok] == (["not run as root"] if root else [])
    assert code == int(root)
    assert {"keys can be read", "mode of seal.key", "Plaid's host answers", "clock", "Redis answers"} <= set(told)


def test_the_doctor_finds_a_relay_with_grants_and_no_redis_good_where_its_folder_is(
    relays: Callable[..., RelayProcess], tmp_path: Path
) -> None:
    relay = relays(enrolment="grant", start=False)
    _, told = doctor(relay)
    assert told["grants are good once"]
    assert told["results of exchanges outlive a kill"]
    assert not (tmp_path / "state").exists()
    (tmp_path / "state").mkdir(mode=0o700)
    assert doctor(relay)[1]["grants are good once"]
    (tmp_path / "state" / "grants").write_text("no folder")
    assert not doctor(relay)[1]["grants are good once"]


def test_the_doctor_names_what_is_wrong(relays: Callable[..., RelayProcess], tmp_path: Path) -> None:
    relay = relays(
        host="http://127.0.0.1:1", redis_url="redis://127.0.0.1:1/0", enrolment="grant", deny_list_file="nowhere.txt",
        tls_cert_file="tls.pem", tls_key_file="tls.key", start=False,
    )  # fmt: skip
    self_signed(tmp_path, days=3)
    (relay.keys / "secret").chmod(0o640)
    (relay.keys / "seal.key").chmod(0o622)
    relay.keys.chmod(0o777)
    os.utime(relay.keys / "nonce.key", (1, 1))
    code, told = doctor(relay)
    assert code == 1
    wrong = {name for name, ok in told.items() if not ok} - {"not run as root"}
    assert wrong == {
        "keys can be read", "mode of seal.key", "mode of the folder keys", "Plaid's host answers", "Redis answers",
        "deny list can be read", "certificate of TLS lasts two weeks", "age of nonce.key",
    }  # fmt: skip
    assert told["mode of secret"]


def test_a_relay_without_redis_loads_nothing_of_it() -> None:
    told = "import sys, relay.running, relay.server, relay.doctor; print([m for m in sys.modules if m[:5] == 'redis'])"
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
