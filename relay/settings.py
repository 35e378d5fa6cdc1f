"""The configuration: one TOML file that names key files, never a secret itself.

Only a configuration that comes through a descriptor (own keys of one user, started by the app) may carry secrets in it:
there is no file then.
"""

from __future__ import annotations

import base64
import ipaddress
import json
import os
import stat
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_LARGEST_FILE = 65_536
_STATE = "state"
"""Where a relay keeps its state that systemd gave no folder: beside the configuration."""
Feature = Literal["refresh", "balance", "events"]
Port = Annotated[int, Field(ge=0, le=65_535)]


class Unusable(Exception):
    """The configuration cannot be used; the message says which line and why, and holds no secret."""


class Limits(BaseModel):
    """How often what may be asked; by the minute unless the name says otherwise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    failures_per_address: int = 60
    per_device: int = 120
    links_per_hour: int = 5
    links_per_day: int = 20
    sync_per_item: int = 40
    item_per_item: int = 10
    accounts_per_item: int = 10
    live_balance_per_item_hour: int = 3
    refresh_per_item_hour: int = 2
    all_sync: int = 2_000
    all_item: int = 4_000
    all_accounts: int = 12_000
    upstream_at_once: int = 64
    connections_per_address: int = 64
    request_seconds: float = 10
    """For a whole head, and again for a whole body."""


class OwnSecrets(BaseModel):
    """The secrets of a user's own keys, for a configuration that comes through a descriptor."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    plaid_client_id: SecretStr
    plaid_secret: SecretStr
    seal_keys: list[SecretStr] = Field(min_length=1)
    nonce_key: SecretStr
    signing_key: SecretStr
    path_token: SecretStr = Field(min_length=32)


class Settings(BaseModel):
    """The settings of relay.md 9a, checked; paths are relative to the file they stand in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    listen: str = "127.0.0.1:8700"
    public_origin: str = ""
    plaid_host: str = ""
    plaid_env: Literal["sandbox", "production"] = "sandbox"
    plaid_client_id_file: Path | None = None
    plaid_secret_file: Path | None = None
    client_name: str = Field(default="1099 Ops", min_length=1, max_length=30)
    seal_key_files: list[Path] = Field(default_factory=list)
    nonce_key_file: Path | None = None
    signing_key_file: Path | None = None
    grant_public_key_file: Path | None = None
    enrolment: Literal["grant", "open"] = "grant"
    redis_url: str = ""
    state_dir: Path | None = None
    deny_list_file: Path | None = None
    tls_cert_file: Path | None = None
    tls_key_file: Path | None = None
    webhook_secret_files: list[Path] = Field(default_factory=list, max_length=2)
    trusted_proxies: list[str] = Field(default_factory=list)
    features: list[Feature] = Field(default_factory=list)
    security_contact: str = ""
    limits: Limits = Limits()
    own: OwnSecrets | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.enrolment == "open" and self.plaid_env != "sandbox" and self.own is None:
            raise ValueError('enrolment = "open" is for plaid_env = "sandbox" only')
        if self.own is None:
            self._all_files_named()
        if bool(self.tls_cert_file) != bool(self.tls_key_file):
            raise ValueError("tls_cert_file and tls_key_file belong together")
        host, _ = self.address
        if self.own is not None and host != "127.0.0.1":
            raise ValueError("own keys are served on 127.0.0.1 only")
        upstream = urlsplit(self.upstream)
        if not upstream.hostname or upstream.path.strip("/") or upstream.query or upstream.username:
            raise ValueError("plaid_host is a scheme and a host, as https://sandbox.plaid.com")
        if upstream.scheme != "https" and not (upstream.scheme == "http" and upstream.hostname in LOOPBACK):
            raise ValueError("plaid_host must be https; plain http only to a loopback address")
        origin = urlsplit(self.public_origin)
        if self.public_origin and (origin.scheme not in {"http", "https"} or not origin.hostname or origin.query):
            raise ValueError("public_origin is the address devices use, as https://relay.example.com")
        if self.public_origin and origin.scheme == "http" and origin.hostname not in LOOPBACK:
            raise ValueError("public_origin must be https; plain http only on a loopback address")
        if self.own is None and not self.public_origin and host not in LOOPBACK:
            raise ValueError("public_origin is needed: devices prove which address they call")
        for each in self.trusted_proxies:
            ipaddress.ip_network(each, strict=False)
        return self

    def _all_files_named(self) -> None:
        wanted = {
            "plaid_client_id_file": self.plaid_client_id_file, "plaid_secret_file": self.plaid_secret_file,
            "seal_key_files": self.seal_key_files, "nonce_key_file": self.nonce_key_file,
            "signing_key_file": self.signing_key_file,
        }  # fmt: skip
        if self.enrolment == "grant":
            wanted["grant_public_key_file"] = self.grant_public_key_file
        missing = [name for name, value in wanted.items() if not value]
        if missing:
            raise ValueError(f"missing: {', '.join(missing)}")
        if not self.public_origin and self.address[1] == 0:
            raise ValueError("public_origin is needed where the port is chosen by the system")

    @property
    def address(self) -> tuple[str, int]:
        """Return the host and port to listen on. Raises: ValueError."""
        host, colon, port = self.listen.rpartition(":")
        if not colon or not port.isdigit():
            raise ValueError("listen is an address and a port, as 127.0.0.1:8700")
        return host.strip("[]") or "127.0.0.1", int(port)

    def is_trusted(self, address: str) -> bool:
        """Say whether an address is one of the operator's own proxies."""
        try:
            read = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(read in ipaddress.ip_network(each, strict=False) for each in self.trusted_proxies)

    @property
    def upstream(self) -> str:
        return (self.plaid_host or f"https://{self.plaid_env}.plaid.com").rstrip("/")


class Secrets:
    """Everything the relay must not tell. It has no repr, and nothing here is ever logged."""

    __slots__ = (
        "client_id", "grant_key", "nonce_key", "path_token", "plaid_secret", "seal_keys", "signing_key",
        "webhook_secrets",
    )  # fmt: skip

    def __init__(self, settings: Settings) -> None:
        """Read the key files. Raises: Unusable with the file's name and what is wrong."""
        own = settings.own
        if own is not None:
            self.client_id = own.plaid_client_id.get_secret_value()
            self.plaid_secret = own.plaid_secret.get_secret_value()
            self.seal_keys = [_raw(key.get_secret_value(), "seal_keys") for key in own.seal_keys]
            self.nonce_key = _raw(own.nonce_key.get_secret_value(), "nonce_key")
            self.signing_key = Ed25519PrivateKey.from_private_bytes(
                _raw(own.signing_key.get_secret_value(), "signing_key")
            )
            self.path_token = own.path_token.get_secret_value()
        else:
            self.client_id = _text(settings.plaid_client_id_file)
            self.plaid_secret = _text(settings.plaid_secret_file)
            self.seal_keys = [_key_bytes(path) for path in settings.seal_key_files]
            self.nonce_key = _key_bytes(settings.nonce_key_file)
            self.signing_key = _signing_key(settings.signing_key_file)
            self.path_token = ""
        if len(set(self.seal_keys)) != len(self.seal_keys):
            raise Unusable("Two of the seal keys are the same.")
        self.grant_key = _public_key(settings.grant_public_key_file) if settings.grant_public_key_file else None
        self.webhook_secrets = [_text(path).encode() for path in settings.webhook_secret_files]
        if any(len(secret) < 32 for secret in self.webhook_secrets):
            raise Unusable("A webhook secret has at least 32 letters.")


def load(path: Path) -> Settings:
    """Read the settings of a file. Raises: Unusable."""
    text = read_file(path, secret=False).decode("utf-8", "strict")
    settings = parse(text)
    if settings.own is not None:
        raise Unusable(f"{path.name} holds secrets; they belong into key files.")
    return _placed(settings, path.resolve().parent)


def parse(text: str) -> Settings:
    """Read the settings of a text. Raises: Unusable; its message repeats no value."""
    try:
        read = json.loads(text) if text.startswith("{") else tomllib.loads(text)
        return Settings.model_validate(read)
    except (tomllib.TOMLDecodeError, json.JSONDecodeError):
        raise Unusable("The configuration is neither TOML nor one JSON object.") from None
    except ValidationError as error:
        said = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}".lstrip(": ") for each in error.errors()]
        raise Unusable("; ".join(said)) from None


def _placed(settings: Settings, folder: Path) -> Settings:
    moved: dict[str, Any] = {}
    for name, value in settings:
        if isinstance(value, Path):
            moved[name] = folder / value
        elif isinstance(value, list) and value and isinstance(value[0], Path):
            moved[name] = [folder / each for each in value]
    if settings.state_dir is None:
        given = os.environ.get("STATE_DIRECTORY", "").partition(os.pathsep)[0]
        moved["state_dir"] = Path(given) if given else folder / _STATE
    return settings.model_copy(update=moved)


def read_file(path: Path, *, secret: bool) -> bytes:
    """Read a small regular file; one that holds a secret must not be readable by everybody. Raises: Unusable."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            state = os.fstat(descriptor)
            if not stat.S_ISREG(state.st_mode):
                raise Unusable(f"{path.name} is no ordinary file.")
            if secret and os.name == "posix" and state.st_mode & stat.S_IRWXO:
                raise Unusable(f"{path.name} can be read by everybody; run: chmod 600 {path.name}")
            data = file.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise Unusable(f"{path.name} cannot be read: {error.strerror}") from None
    if len(data) > _LARGEST_FILE:
        raise Unusable(f"{path.name} is too long.")
    return data


def _text(path: Path | None) -> str:
    assert path is not None, "the settings were checked"
    try:
        text = read_file(path, secret=True).decode("ascii").strip()
    except UnicodeDecodeError:
        raise Unusable(f"{path.name} holds letters no key has.") from None
    if not text:
        raise Unusable(f"{path.name} is empty.")
    return text


def _key_bytes(path: Path | None) -> bytes:
    return _raw(_text(path), path.name if path else "")


def _raw(text: str, name: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise Unusable(f"{name} is no key: 32 bytes in base64 were expected.")
    return key


def _signing_key(path: Path | None) -> Ed25519PrivateKey:
    assert path is not None, "the settings were checked"
    try:
        key = serialization.load_pem_private_key(read_file(path, secret=True), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise Unusable(f"{path.name} is no Ed25519 private key in PEM.")
    return key


def _public_key(path: Path) -> Ed25519PublicKey:
    try:
        key = serialization.load_pem_public_key(read_file(path, secret=False))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise Unusable(f"{path.name} is no Ed25519 public key in PEM.")
    return key
