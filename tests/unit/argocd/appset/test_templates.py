"""Templates against what Argo CD 3.5's own code makes of them (``tests/data/appset_templates.json``)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from argoflux.argocd.appset.dns_names import normalize
from argoflux.argocd.appset.govalues import Texts, go_float, go_text, read_numbers
from argoflux.argocd.appset.problems import ChangingError, TemplateError
from argoflux.argocd.appset.templating import Templating

_DATA = json.loads((Path(__file__).parents[3] / "data/appset_templates.json").read_text("utf-8"))
_PARAMS: dict[str, Any] = read_numbers(_DATA["params"])
ROWS = [tuple(row) for row in _DATA["rows"]]


@pytest.mark.parametrize(
    ("text", "go", "options", "wanted"), ROWS, ids=[f"{number}" for number in range(len(ROWS))]
)
def test_vector(text: str, go: bool, options: list[str], wanted: str | None) -> None:
    """The text that Go prints; null where Go reports an error."""
    templating = Templating(go=go, options=tuple(options))
    params = _PARAMS if go else _DATA["simple"]
    if wanted is None:
        with pytest.raises(TemplateError):
            templating.replace(text, params)
    else:
        assert templating.replace(text, params) == wanted


def test_there_are_vectors() -> None:
    assert len(ROWS) > 350
    assert sum(row[3] is None for row in ROWS) > 30


GO = Templating(go=True)


@pytest.mark.parametrize(
    "text",
    [
        "{{ now }}",
        "{{ uuidv4 }}",
        "{{ randAlpha 5 }}",
        '{{ htpasswd "a" "b" }}',
        '{{ genCA "x" 1 }}',
    ],
)
def test_results_that_change_are_refused(text: str) -> None:
    """A conversion gives the same output every time."""
    with pytest.raises(ChangingError, match="another result every time"):
        GO.replace(text, {"a": "b"})


@pytest.mark.parametrize(
    "text",
    [
        "{{ .s.upper }}",
        "{{ .s.format }}",
        "{{ .l.append }}",
        "{{ .m.items }}",
        "{{ .s.__class__ }}",
    ],
)
def test_python_objects_are_out_of_reach(text: str) -> None:
    """A parameter is data: names of Python methods are absent keys or errors."""
    try:
        found = GO.replace(text, {"s": "a", "l": ["x"], "m": {"a": "b"}})
    except TemplateError:
        return
    assert found == "<no value>"


@pytest.mark.parametrize(
    "text",
    [
        "{{ range until 99999 }}{{ range until 99999 }}x{{ end }}{{ end }}",
        "{{ range until 999999999999 }}x{{ end }}",
        '{{ repeat 999999999999 "x" }}',
        '{{ printf "%999999999d" 1 }}',
        '{{ printf "%*d" 999999999 1 }}',
        "{{ indent 999999999999 .a }}",
        '{{ define "t" }}{{ template "t" . }}{{ end }}{{ template "t" . }}',
    ],
    ids=["loop", "list", "text", "width", "width of an argument", "indent", "depth"],
)
def test_work_is_bounded(text: str) -> None:
    with pytest.raises(TemplateError):
        GO.replace(text, {"a": "b"})


@pytest.mark.parametrize("option", ["missingkey=nothing", "other=error", "", "missingkey"])
def test_an_option_that_does_not_exist_is_an_error(option: str) -> None:
    with pytest.raises(TemplateError, match="no option of Go templates"):
        Templating(go=True, options=(option,)).replace("{{ .a }}", {"a": "b"})


def test_the_last_option_counts() -> None:
    both = Templating(go=True, options=("missingkey=error", "missingkey=default"))
    assert both.replace("{{ .a }}", {"b": "c"}) == "<no value>"


def test_absent_keys_of_maps_of_texts_are_empty_for_index_only() -> None:
    params = {"labels": Texts({"a": "b"})}
    assert GO.replace('{{ index .labels "x" }}|{{ .labels.x }}', params) == "|<no value>"


def test_values_of_nested_generators_wait_for_keys_that_are_absent_now() -> None:
    """argo-cd:applicationset/utils/utils.go RenderGeneratorParams, whatever the options say."""
    lax = Templating(go=True, options=("missingkey=zero",))
    assert lax.replace_known("{{ .a }}", {"b": "c"}) == "{{ .a }}"
    assert lax.replace_known("{{ .b }}", {"b": "c"}) == "c"
    with pytest.raises(TemplateError):
        lax.replace_known("{{ fail }}", {"b": "c"})


def test_errors_name_the_place_of_the_text() -> None:
    with pytest.raises(TemplateError) as caught:
        GO.fill({"spec": {"items": ["fine", "{{ .a.b.c | fail }}"]}}, {"a": "x"})
    assert caught.value.path == ("spec", "items", 1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (100000.0, "100000"),
        (1e6, "1e+06"),
        (1234567.5, "1.2345675e+06"),
        (1e21, "1e+21"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (-5.25, "-5.25"),
        (8080.0, "8080"),
        (21000000.0, "2.1e+07"),
        (float("inf"), "+Inf"),
        (float("-inf"), "-Inf"),
        (float("nan"), "NaN"),
    ],
)
def test_floats_print_as_in_go(value: float, text: str) -> None:
    """Read from ``fmt.Printf("%v")`` of Go 1.26."""
    assert go_float(value) == text


def test_values_print_as_in_go() -> None:
    value = {"b": [1, True, None], "a": {"x": "y"}}
    assert go_text(value) == "map[a:map[x:y] b:[1 true <nil>]]"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("My_App.EU", "my-app.eu"), ("-x.", "x"), ("a" * 300, "a" * 253), ("ÄB", "b"), ("", "")],
)
def test_normalize(name: str, wanted: str) -> None:
    assert normalize(name) == wanted
