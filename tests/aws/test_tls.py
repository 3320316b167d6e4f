"""TLS contexts are made once for all clients that trust the same."""

from __future__ import annotations

import ssl
from typing import Any

import pytest
from botocore.httpsession import DEFAULT_CA_BUNDLE

from instance_profiles.aws.http_pool import HttpPool
from instance_profiles.aws.tls import shared_contexts


def new_session_class() -> Any:
    """The sessions of another account."""
    return HttpPool().session_class()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[ssl.SSLContext]:
    """Every context that is made from here on; none is known yet."""
    shared_contexts.cache_clear()
    contexts: list[ssl.SSLContext] = []
    stock = new_session_class().__mro__[1]
    make = stock._build_verify_context

    def making(session: object) -> ssl.SSLContext:
        contexts.append(make(session))
        return contexts[-1]

    monkeypatch.setattr(stock, "_build_verify_context", making)
    return contexts


def test_sessions_that_trust_the_same_share_a_context(made: list[ssl.SSLContext]) -> None:
    first, _ = new_session_class()(verify=True)._build_ssl_contexts(None)
    second, _ = new_session_class()(verify=True)._build_ssl_contexts(None)
    assert first is second
    assert made == [first]
    assert first.verify_mode == ssl.CERT_REQUIRED
    assert first.check_hostname


def test_another_bundle_or_none_is_another_context(made: list[ssl.SSLContext]) -> None:
    stock, _ = new_session_class()(verify=True)._build_ssl_contexts(None)
    bundle, _ = new_session_class()(verify=DEFAULT_CA_BUNDLE)._build_ssl_contexts(None)
    nothing, _ = new_session_class()(verify=False)._build_ssl_contexts(None)
    assert len({id(stock), id(bundle), id(nothing)}) == len(made) == 3
    assert nothing.verify_mode == ssl.CERT_NONE


def test_the_context_for_a_proxy_is_its_own(made: list[ssl.SSLContext]) -> None:
    session = new_session_class()(verify=True, proxies={"https": "http://proxy.example:8080"})
    plain, none = session._build_ssl_contexts(None)
    ours, of_proxy = session._build_ssl_contexts("http://proxy.example:8080")
    assert none is None
    assert len({id(plain), id(ours), id(of_proxy)}) == 3
