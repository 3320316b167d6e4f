"""Documents compare by what they say."""

from __future__ import annotations

import pytest

from instance_profiles.policies import same_document


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"Effect":"Allow","Action":"x"}', '{ "Action": "x", "Effect": "Allow" }'),
        ('{"Statement":{"Effect":"Allow"}}', '{"Statement":[{"Effect":"Allow"}]}'),
        ('{"Statement":[{"Action":["a","b"]}]}', '{"Statement":[{"Action":["b","a"]}]}'),
        ('{"Statement":[{"Action":"a"}]}', '{"Statement":[{"Action":["a"]}]}'),
        (
            '{"Statement":[{"Principal":{"Service":["a","b"]}}]}',
            '{"Statement":[{"Principal":{"Service":["b","a"]}}]}',
        ),
        (
            '{"Statement":[{"Condition":{"StringEquals":{"k":"v"}}}]}',
            '{"Statement":[{"Condition":{"StringEquals":{"k":["v"]}}}]}',
        ),
        ("not JSON", "not JSON"),
    ],
)
def test_the_same(one: str, other: str) -> None:
    assert same_document(one, other)
    assert same_document(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"Statement":[{"Action":"a"}]}', '{"Statement":[{"Action":"b"}]}'),
        ('{"Statement":[{"Action":"a"}]}', '{"Statement":[{"NotAction":"a"}]}'),
        ('{"Statement":[{"Effect":"Allow"}]}', '{"Statement":[{"Effect":"Allow"},{"Effect":"Deny"}]}'),
        ('{"Statement":[{"Sid":"1"}]}', '{"Statement":[{"Sid":1}]}'),
        ('{"Statement":[{"Principal":"*"}]}', '{"Statement":[{"Principal":{"AWS":"*"}}]}'),
        ('{"Version":"2012-10-17"}', '{"Version":"2008-10-17"}'),
        ("not JSON", "no JSON either"),
        ("{}", "not JSON"),
    ],
)
def test_not_the_same(one: str, other: str) -> None:
    assert not same_document(one, other)
    assert not same_document(other, one)
