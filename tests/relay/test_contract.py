"""The relay does what its own OpenAPI document says, for requests nobody would think of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from requests.auth import AuthBase
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from relay import api
from tests.relay import raw
from tests.relay.conftest import Device, RelayProcess
from tests.relay.plaid_stand_in import PlaidStandIn

SCHEMA = schemathesis.openapi.from_dict(api.openapi())
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance,
]  # fmt: skip


class Proved(AuthBase):
    """Signs what is about to be sent, as a device does."""

    def __init__(self, device: Device) -> None:
        self._device, self._nonce = device, raw.nonce_for(device)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        data = body if isinstance(body, bytes) else str(body).encode()
        path = str(request.path_url).partition("?")[0]
        claims = raw.claims_for(self._device, path, data, self._nonce, htm=request.method)
        request.headers["DPoP"] = self._device.key.signed(claims)
        request.headers["Authorization"] = f"DPoP {self._device.client.certificate}"
        return request


@pytest.fixture(scope="module")
def proved(shared_relay: RelayProcess) -> Iterator[tuple[RelayProcess, Proved]]:
    device = Device(shared_relay).enrol()
    yield shared_relay, Proved(device)
    device.client.close()


@SCHEMA.parametrize()
@settings(
    max_examples=12, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_every_path_keeps_to_its_document(case: Any, proved: tuple[RelayProcess, Proved]) -> None:
    relay, auth = proved
    response = case.call(base_url=relay.origin, auth=auth)
    case.validate_response(response, checks=CHECKS)


def test_the_document_is_served_and_names_every_path(relay: RelayProcess, plaid: PlaidStandIn) -> None:
    served = httpx2.get(relay.origin + "/v1/openapi.json").json()
    assert served == api.openapi()
    assert {each.path for each in api.PATHS} < set(served["paths"])
