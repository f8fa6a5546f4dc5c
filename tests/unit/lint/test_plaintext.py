"""What counts as a secret in the open, and that no report shows one."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from argoflux.lint.plaintext import has_shape, judge, judge_lines
from tests.lint_run import lint_texts

if TYPE_CHECKING:
    from pathlib import Path

RANDOM = "q7Xw2mVb9ZtK4sLd8Rfa"
TOKEN = "ghp_" + "aB3dE5gH7j" * 4  # put together: no scanner shall take it for a real one
PEM = "-----BEGIN RSA {} KEY-----\n{}\n-----END".format(
    "PRIVATE", "MIIEowIBAAKCAQEA7Zr9s+Kq1Lw" * 6
)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("password", "vK3-moonlit-Quay", "secret"),
        ("adminPassword", "vK3moonlit", "secret"),
        ("DB_PASSWORD", "vK3moonlit", "secret"),
        ("clientSecret", RANDOM, "secret"),
        ("apiKey", RANDOM, "secret"),
        ("anything", TOKEN, "secret"),
        ("anything", PEM, "secret"),
        ("connectionString", "postgres://shop:vK3moonlit@db/shop", "secret"),
        ("password", "changeme", "default"),
        ("password", "ENC[AES256_GCM,data:x]", ""),
        ("password", "${DB_PASSWORD}", ""),
        ("password", "{{ .password }}", ""),
        ("password", "<path:shop/db#password>", ""),
        ("password", "ref+vault://shop/db#/password", ""),
        ("password", "op://vault/item", ""),
        ("password", "your-password-here", ""),
        ("password", "xxxxxxxx", ""),
        ("password", "/run/secrets/password", ""),
        ("password", "shop-db-password", ""),
        ("passwordKey", RANDOM, ""),
        ("passwordSecretName", RANDOM, ""),
        ("existingSecret", "shop-db", ""),
        ("publicKey", RANDOM, ""),
        ("token", "default", ""),
        ("connectionString", "postgres://db/shop", ""),
        ("description", "the password of the shop", ""),
    ],
)
def test_judge(key: str, value: str, expected: str) -> None:
    """Key and value together decide."""
    assert judge(key, value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("auth:\n  password: vK3moonlit\n", "secret"),
        ("export DB_PASSWORD='vK3moonlit'\n", "secret"),
        ("auth:\n  password: admin\n", "default"),
        ("auth:\n  password: ${PASSWORD}\n  existingSecret: shop\n", ""),
    ],
)
def test_judge_lines(text: str, expected: str) -> None:
    """Settings in a text are judged one by one."""
    assert judge_lines(text) == expected


def test_shapes_of_invented_keys() -> None:
    """A key that is cut short, or filled with one letter, is none."""
    assert not has_shape("-----BEGIN {} KEY-----\n...\n-----END".format("PRIVATE"))
    assert not has_shape("ghp_" + "x" * 36)


def secret(value: str, folder: str = "apps", more: str = "") -> dict[str, str]:
    """A Secret in a file of a folder."""
    text = (
        f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n{more}data:\n  password: {value}\n"
    )
    return {f"{folder}/secret.yaml": text}


ENCODED = base64.b64encode(b"vK3-moonlit-Quay").decode()


@pytest.mark.parametrize(
    ("files", "count"),
    [
        (secret(ENCODED), 1),
        (secret(ENCODED, folder="tests"), 0),
        (secret(base64.b64encode(b"<path:db#password>").decode()), 0),
        (secret(ENCODED, more="  annotations:\n    avp.kubernetes.io/path: shop/db\n"), 0),
        (secret(ENCODED, more="sops: {mac: x}\n"), 0),
    ],
)
def test_secrets(tmp_path: Path, files: dict[str, str], count: int) -> None:
    """Base64 is no protection; tests, markers and ciphertext are left alone."""
    kustomization = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\nspec: {}\n"
    result = lint_texts(tmp_path, {**files, "flux.yaml": kustomization}, code="AF504")
    assert [f.code for f in result.findings] == ["AF504"] * count
