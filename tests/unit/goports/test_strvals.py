"""``--set`` lines against vectors of helm:pkg/strvals 3.19, and Argo CD's escaping."""

from typing import Any

import pytest

from argoflux.goports.strvals import (
    StrvalsError,
    apply_parameter,
    escape_commas,
    parse_into,
    parse_into_file,
    parse_into_string,
    parse_literal_into,
)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a=1", {"a": 1}),
        ("a.b=x,a.c=y", {"a": {"b": "x", "c": "y"}}),
        (r"a\.b=x", {"a.b": "x"}),
        (r"nodeSelector.kubernetes\.io/role=x", {"nodeSelector": {"kubernetes.io/role": "x"}}),
        ("a[0]=x,a[1]=y", {"a": ["x", "y"]}),
        ("a[2]=x", {"a": [None, None, "x"]}),
        ("e[1].f=z", {"e": [None, {"f": "z"}]}),
        ("a[0][1]=x", {"a": [[None, "x"]]}),
        ("a={x,y}", {"a": ["x", "y"]}),
        ("a={1,true,null}", {"a": [1, True, None]}),
        ("a={}", {"a": [""]}),
        ("a={x,y},b=1", {"a": ["x", "y"], "b": 1}),
        (r"b=1\,2", {"b": "1,2"}),
        ("a=true,b=True,c=FALSE", {"a": True, "b": True, "c": False}),
        pytest.param("a=null,b=NULL", {"a": None, "b": None}, id="null-stays-visible"),
        ("a=0,b=-0,c=+3,d=-7", {"a": 0, "b": 0, "c": 3, "d": -7}),
        pytest.param("a=01,b=007", {"a": "01", "b": "007"}, id="leading-zero-is-text"),
        pytest.param("a=1.5,b=1e3", {"a": "1.5", "b": "1e3"}, id="floats-are-text"),
        ("a=9223372036854775807", {"a": 9223372036854775807}),
        pytest.param(
            "a=9223372036854775808", {"a": "9223372036854775808"}, id="above-64-bits-is-text"
        ),
        ("a=", {"a": ""}),
        ("a=,b=1", {"a": "", "b": 1}),
        ("a=x=y", {"a": "x=y"}),
        ("a=b.c[0]", {"a": "b.c[0]"}),
        ("a= x ", {"a": " x "}),
        ("=1", {}),
        ("", {}),
        pytest.param("env[0].value=", {"env": []}, id="empty-last-value-below-an-index-is-lost"),
        ("env[0].value=,x=1", {"env": [{"value": ""}], "x": 1}),
        ("env[0]=", {"env": [""]}),
        pytest.param("a.", {}, id="trailing-dot-is-nothing"),
    ],
)
def test_parse_into(line: str, expected: dict[str, Any]) -> None:
    values: dict[str, Any] = {}
    parse_into(line, values)
    assert values == expected
    assert repr(values) == repr(expected)


@pytest.mark.parametrize(
    ("line", "before", "after"),
    [
        ("a.b=2", {"a": {"b": 1, "c": 1}}, {"a": {"b": 2, "c": 1}}),
        ("a=2", {"a": {"b": 1}}, {"a": 2}),
        ("a[1]=9", {"a": [1, 2, 3]}, {"a": [1, 9, 3]}),
        ("a[0].b=2", {"a": [{"b": 1, "c": 1}]}, {"a": [{"b": 2, "c": 1}]}),
        ("a[0].b=2", {"a": [7]}, {"a": [{"b": 2}]}),
        ("a={x}", {"a": [1, 2]}, {"a": ["x"]}),
        ("a[0][1]=x", {"a": [[1]]}, {"a": [[1, "x"]]}),
        ("a=null", {"a": 1}, {"a": None}),
    ],
)
def test_parse_into_existing_values(
    line: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    parse_into(line, before)
    assert before == after


@pytest.mark.parametrize(
    "line",
    [
        "a",
        "a,b=1",
        "a.b",
        "a={x",
        "a=1,b",
        "a[x]=1",
        "a[-1]=1",
        "a[65537]=1",
        "a[0",
        "a[0]b=1",
        "a\\",
        "a.=1",
        "list.b=1",
        "text.b=1",
        "text[0]=1",
        "gone.b=1",
        "gone[0]=1",
        "list[0][0]=1",
        ".".join("a" * 32) + "=1",
        "a" + "[0]" * 200 + "=1",
    ],
)
def test_malformed_lines_are_refused(line: str) -> None:
    values: dict[str, Any] = {"list": ["x"], "text": "x", "gone": None}
    with pytest.raises(StrvalsError):
        parse_into(line, values)


def test_thirty_levels_are_allowed() -> None:
    values: dict[str, Any] = {}
    parse_into(".".join("a" * 31) + "=1", values)
    assert str(values).count("a") == 31


def test_set_string_never_types() -> None:
    values: dict[str, Any] = {}
    parse_into_string("a=1,b=true,c=null,d={1,x},e[0]=0", values)
    assert values == {"a": "1", "b": "true", "c": "null", "d": ["1", "x"], "e": ["0"]}


def test_set_file_reads_the_value() -> None:
    values: dict[str, Any] = {}
    parse_into_file("a.b=x/y.txt,c={p,q}", values, lambda path: f"<{path}>")
    assert values == {"a": {"b": "<x/y.txt>"}, "c": ["<p>", "<q>"]}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (r"a.b=x,y\z{1}", {"a": {"b": r"x,y\z{1}"}}),
        ("a[0].b=", {"a": [{"b": ""}]}),
        ("a,b=1", {"a,b": "1"}),
        (r"a\.b=1", {"a\\": {"b": "1"}}),
        ("a={x}", {"a": "{x}"}),
        ("a[1]==", {"a": [None, "="]}),
    ],
)
def test_set_literal_takes_all_after_the_first_equals_sign(
    line: str, expected: dict[str, Any]
) -> None:
    values: dict[str, Any] = {}
    parse_literal_into(line, values)
    assert values == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1,2", r"1\,2"),
        (r"1\,2", r"1\,2"),
        ("{x,y}", "{x,y}"),
        ("{x,y", r"{x\,y"),
        (",,", r"\,\,"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_escape_commas(value: str, expected: str) -> None:
    assert escape_commas(value) == expected


@pytest.mark.parametrize(
    ("name", "value", "force_string", "expected"),
    [
        ("a", "{x,y}", False, {"a": ["x", "y"]}),
        ("b", "1,2", False, {"b": "1,2"}),
        ("x", "null", False, {"x": None}),
        ("image.tag", "1.20", False, {"image": {"tag": "1.20"}}),
        ("image.tag", "120", False, {"image": {"tag": 120}}),
        ("image.tag", "120", True, {"image": {"tag": "120"}}),
    ],
)
def test_apply_parameter(
    name: str, value: str, expected: dict[str, Any], *, force_string: bool
) -> None:
    values: dict[str, Any] = {}
    apply_parameter(values, name, value, force_string=force_string)
    assert values == expected
