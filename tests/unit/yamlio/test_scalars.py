"""Plain scalars as kubectl and kustomize read them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from argoflux.yamlio.scalars import (
    DISPUTED,
    UnsupportedNumber,
    go_float32,
    key_text,
    read_differently,
    resolve,
)

TABLE = Path(__file__).parents[2] / "data" / "yaml-scalars.tsv"
ROWS = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]

# The table prints them as bare words because it shows the YAML that kustomize writes.
_WORDS = {"NaN", "Infinity", "1e400"}


def expected(shown: str, text: str) -> object:
    """The value behind a cell: JSON, or the bare text that kustomize writes for a string."""
    if text in _WORDS:
        return text
    try:
        return json.loads(shown)
    except ValueError:
        return shown


@pytest.mark.parametrize(("text", "helm", "kubectl", "kustomize"), [row[:4] for row in ROWS])
def test_table_of_measured_values(text: str, helm: str, kubectl: str, kustomize: str) -> None:
    """Each row was measured with helm 4.2, kubectl 1.37 and kustomize 5.8."""
    for flavour, shown in (("sigs", kubectl), ("kustomize", kustomize)):
        if shown.startswith("ERR"):
            with pytest.raises(UnsupportedNumber):
                resolve(text, flavour)
            continue
        value, want = resolve(text, flavour), expected(shown, text)
        assert isinstance(value, bool) == isinstance(want, bool)
        assert isinstance(value, str) == isinstance(want, str)
        assert value == want or float(value) == float(want)  # large numbers are printed as floats
    if not helm.startswith("ERR") and isinstance(resolve(text), str | bool):
        assert resolve(text) == expected(helm, text), "Helm values are read like manifests"


def test_table_is_whole() -> None:
    assert len(ROWS) == 98


@pytest.mark.parametrize(
    ("text", "sigs", "kustomize"),
    [
        ("9223372036854775807", 2**63 - 1, 2**63 - 1),
        ("9223372036854775808", float(2**63), 2**63),
        ("-9223372036854775808", -(2**63), -(2**63)),
        ("-9223372036854775809", -(2**63), -(2**63)),  # a float that JSON prints as an integer
        ("0xFFFFFFFFFFFFFFFFFFFF", float(2**80 - 1), "0xFFFFFFFFFFFFFFFFFFFF"),
        ("0x" + "F" * 400, "0x" + "F" * 400, "0x" + "F" * 400),
        ("0777777777777777777777777", 7.777777777777778e23, 7.777777777777778e23),
        ("9" * 5000, "9" * 5000, "9" * 5000),
        (".5_0", ".5_0", ".5_0"),
        (".", ".", "."),
        ("-", "-", "-"),
        ("-.5", -0.5, -0.5),
        ("1e20", 1e20, 1e20),
        ("١٢", "١٢", "١٢"),
        ("0o٧", "0o٧", "0o٧"),
    ],
)
def test_numbers_at_the_edges(text: str, sigs: object, kustomize: object) -> None:
    for flavour, want in (("sigs", sigs), ("kustomize", kustomize)):
        value = resolve(text, flavour)
        assert (type(value), value) == (type(want), want)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2024-01-01", "2024-01-01T00:00:00Z"),
        ("2024-1-2", "2024-01-02T00:00:00Z"),
        ("2024-01-01 10:00:00", "2024-01-01T10:00:00Z"),
        ("2024-01-01 10:00:00.500", "2024-01-01T10:00:00.5Z"),
        ("2024-01-01T1:2:3+02:00", "2024-01-01T01:02:03+02:00"),
        ("2024-01-01t01:02:03+00:00", "2024-01-01T01:02:03Z"),
        ("2024-01-01T00:00:00", "2024-01-01T00:00:00"),
        ("2024-13-01", "2024-13-01"),
        ("2024-02-30", "2024-02-30"),
        ("2024-01", "2024-01"),
        ("12024-01-01", "12024-01-01"),
    ],
)
def test_kustomize_rewrites_dates(text: str, written: str) -> None:
    """go-yaml/yaml:resolve.go knows four date formats; sigs keeps the text."""
    assert resolve(text, "kustomize") == written
    assert resolve(text) == text
    assert read_differently(text) == (written != text)


@pytest.mark.parametrize(
    ("text", "sigs", "kustomize"),
    [
        ("on", "true", "on"),
        ("No", "false", "No"),
        ("true", "true", None),
        ("0777", "511", None),
        ("1.0", "1", None),
        ("1e6", "1e+06", None),
        ("0.00001", "1e-05", None),
        ("1e300", ".inf", None),
        (".inf", ".inf", None),
        ("-.inf", "-.inf", None),
        (".nan", ".nan", None),
        ("", None, None),
        ("~", None, None),
        ("9223372036854775808", None, None),
        ("2024-01-01", "2024-01-01", "2024-01-01"),
        ("name", "name", "name"),
        ("<<", "<<", "<<"),
    ],
)
def test_keys_become_text_or_are_refused(
    text: str, sigs: str | None, kustomize: str | None
) -> None:
    """kubernetes-sigs/yaml:yaml.go prints keys; kustomize wants text."""
    assert key_text(text) == sigs
    assert key_text(text, "kustomize") == kustomize


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (1.1, "1.1"), (100000.0, "100000"), (1e6, "1e+06"), (1234567.0, "1.234567e+06"),
        (16777217.0, "1.6777216e+07"), (0.0001, "0.0001"), (-2.5, "-2.5"), (0.1, "0.1"),
    ],
)  # fmt: skip
def test_go_prints_floats_with_single_precision(value: float, printed: str) -> None:
    assert go_float32(value) == printed


def test_disputed_words_are_read_differently() -> None:
    assert all(read_differently(word) for word in DISPUTED)
    assert not any(read_differently(word) for word in ("true", "null", "", "1e3", "yess", "<<"))
