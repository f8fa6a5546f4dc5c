"""The config file, the environment, and which of them wins."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from argoflux.config import NAMES, example, find_config, read_settings, resolve
from argoflux.config_shape import config_schema
from argoflux.errors import InputError, UsageError
from argoflux.options import COMMANDS, OPTIONS, option, options_of
from argoflux.text import SourceFile
from argoflux.yamlio.load import load_text

ROOT = Path(__file__).parents[2]


def settings(tmp_path, text):
    (tmp_path / ".argoflux.yaml").write_text(text, encoding="utf-8")
    return read_settings(".argoflux.yaml", str(tmp_path))


def problems(found):
    return [(*finding.place.line_column(), finding.message) for finding in found.findings]


def test_every_option_of_a_command_has_one_declaration_and_a_help():
    for command in COMMANDS:
        names = [each.name for each in options_of(command)]
        assert len(names) == len(set(names)), command
        shorts = [each.short for each in options_of(command) if each.short]
        assert len(shorts) == len(set(shorts)), command
    assert all(each.help and not each.help.endswith(".") for each in OPTIONS)
    assert {each.type for each in OPTIONS if each.choices} <= {"choice", "list"}


def test_flags_of_convert_are_those_of_the_table():
    own = [each.name for each in OPTIONS if "convert" in each.commands]
    assert own == [
        "filename",
        "stdin-filename",
        "argocd-version",
        "flux-version",
        "source",
        "to",
        "output-dir",
        "report",
        "force",
        "fail-on",
        "control-namespace",
        "deploy-path",
        "default-branch",
        "layout",
        "manual-sync",
        "appset",
        "substitution",
        "include-secrets",
    ]
    with pytest.raises(KeyError, match="version has no option to"):
        option("version", "to")


def test_the_committed_schema_is_what_the_table_says():
    text = (ROOT / "schemas/config.schema.json").read_text(encoding="utf-8")
    assert text == json.dumps(config_schema(), indent=2, ensure_ascii=False) + "\n"


def test_schema_and_check_agree_on_the_example(tmp_path):
    text = example()
    everything = re.sub(r"^#(?=\S|  )", "", text, flags=re.MULTILINE)
    validator = jsonschema.Draft202012Validator(config_schema())
    for each in (text, everything):
        assert problems(settings(tmp_path, each)) == []
        validator.validate(load_text(SourceFile("x", each)).documents[0].body)
    assert settings(tmp_path, everything).ignore[0].codes == ("AF501",)


def test_all_values_are_read(tmp_path):
    found = settings(
        tmp_path,
        "targets: {argocd: 2.10, flux: '2.9', paths: [{path: old/**, flux: 2.3}]}\n"
        "color: never\n"
        "convert: {to: flux, force: true, report: [r.md], output-dir: out}\n"
        "sources: {https://host/repo: ../repo}\n"
        "oci-sources: {oci://host/x: chart}\n"
        "ignore: [{codes: [AF501], path: a/**, until: '2027-01-31', reason: later}]\n",
    ).require_valid()
    assert found.values[("targets", "argocd")] == "2.10"
    assert found.values[("convert", "report")] == ("r.md",)
    assert [(t.path, t.argocd, t.flux) for t in found.targets] == [("old/**", "", "2.3")]
    assert found.sources == {"https://host/repo": "../repo"}
    assert found.oci_sources == {"oci://host/x": "chart"}
    ignore = found.ignore[0]
    assert (ignore.codes, ignore.path, ignore.until, ignore.reason) == (
        ("AF501",),
        "a/**",
        "2027-01-31",
        "later",
    )
    assert ignore.place.line_column() == (6, 10)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("convert:\n  tp: flux\n", (2, 3, "unknown key `tp`; did you mean `to`?")),
        ("monitoring: {}\n", (1, 1, "unknown key `monitoring`")),
        (
            "convert:\n  to: fluxx\n",
            (2, 7, "`convert.to`: `fluxx` is not known; did you mean `flux`?"),
        ),
        ("convert: {force: 1}\n", (1, 18, "`convert.force` must be true or false, it is a number")),
        ("convert: []\n", (1, 10, "`convert` must be a mapping, it is a list")),
        (
            "targets: {flux: newest}\n",
            (1, 17, "`targets.flux`: `newest` is not a release such as 2.9"),
        ),
        ("ignore: [{path: x}]\n", (1, 10, "`ignore[0]` has no `codes`")),
        (
            "ignore: [{codes: [A], until: soon}]\n",
            (1, 30, "`ignore[0].until`: `soon` is not a day such as 2027-01-31"),
        ),
        ("convert: {report: x}\n", (1, 19, "`convert.report` must be a list, it is text")),
        (
            "oci-sources: {a: image}\n",
            (1, 18, "`oci-sources.a`: `image` is not known; say chart, manifests"),
        ),
        ("- a\n", (1, 1, "the file must be a mapping, it is a list")),
        ("color: [\n", None),
    ],
)
def test_problems_have_a_place_and_a_way_out(tmp_path, text, problem):
    found = settings(tmp_path, text)
    if problem is not None:
        assert problems(found) == [problem]
    assert found.findings
    with pytest.raises(UsageError, match=r"\.argoflux\.yaml:\d+:\d+: "):
        found.require_valid()


@pytest.mark.parametrize("text", ["", "# nothing\n", "convert:\n"])
def test_an_empty_file_says_nothing(tmp_path, text):
    assert not settings(tmp_path, text).require_valid().values


def test_a_missing_or_undecodable_file_is_told(tmp_path):
    with pytest.raises(InputError, match=r"cannot read the config file `no\.yaml`"):
        read_settings("no.yaml", str(tmp_path))
    (tmp_path / "bad.yaml").write_bytes(b"\xff\xfe\xff")
    assert read_settings("bad.yaml", str(tmp_path)).findings


def test_the_file_is_found_upward_to_the_git_root(tmp_path):
    deep = tmp_path / "repo/a/b"
    deep.mkdir(parents=True)
    (tmp_path / "repo/.git").mkdir()
    (tmp_path / NAMES[0]).write_text("")
    assert find_config(["repo/a/b"], str(tmp_path)) == ""
    (tmp_path / "repo" / NAMES[1]).write_text("")
    assert find_config(["repo/a/b"], str(tmp_path)) == str(tmp_path / "repo" / NAMES[1])
    assert find_config(["-"], str(deep)) == str(tmp_path / "repo" / NAMES[1])
    (deep / NAMES[0]).write_text("")
    (deep / "x.yaml").write_text("")
    assert find_config(["repo/a/b/x.yaml"], str(tmp_path)) == str(deep / NAMES[0])
    (deep / NAMES[1]).write_text("")
    with pytest.raises(UsageError, match="there are both"):
        find_config(["repo/a/b"], str(tmp_path))


def test_outside_of_git_only_the_folder_itself_counts(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / NAMES[0]).write_text("")
    assert find_config(["a"], str(tmp_path)) == ""
    assert find_config([], str(tmp_path)) == str(tmp_path / NAMES[0])


def test_flag_beats_environment_beats_file_beats_default(tmp_path):
    found = settings(tmp_path, "convert: {layout: tenant, fail-on: none, manual-sync: activate}\n")
    env = {"ARGOFLUX_LAYOUT": "flat", "ARGOFLUX_FAIL_ON": "never", "ARGOFLUX_QUIET": ""}
    said = resolve("convert", {"to": "flux", "fail-on": "approximate", "report": ()}, env, found)
    wanted = {
        "to": ("flux", "flag --to"),
        "fail-on": ("approximate", "flag --fail-on"),
        "layout": ("flat", "environment ARGOFLUX_LAYOUT"),
        "manual-sync": ("activate", ".argoflux.yaml:1"),
        "report": ((), "default"),
        "quiet": (False, "default"),
        "default-branch": ("main", "default"),
    }
    assert {name: (said.values[name], said.origins[name]) for name in wanted} == wanted
    assert said.text("to") == "flux"
    assert said.switch("force") is False
    assert said.stated("to")
    assert not said.stated("quiet")


def test_paths_in_the_file_start_at_its_folder(tmp_path):
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf/my.yaml").write_text(
        "convert: {output-dir: ../out, report: [r.md]}\nsources: {https://h/r: ../copy}\n"
    )
    found = read_settings("conf/my.yaml", str(tmp_path))
    said = resolve("convert", {}, {}, found)
    assert said.text("output-dir") == "out"
    assert said.texts("report") == ("conf/r.md",)
    assert said.texts("source") == ("https://h/r=copy",)
    assert said.origins["output-dir"] == "conf/my.yaml:1"


@pytest.mark.parametrize(
    ("env", "name", "value"),
    [
        ({"ARGOFLUX_FORCE": "1"}, "force", True),
        ({"ARGOFLUX_FORCE": "off"}, "force", False),
        ({"ARGOFLUX_REPORT": "a.md, b.json\nc.txt"}, "report", ("a.md", "b.json", "c.txt")),
        ({"ARGOFLUX_DEFAULT_BRANCH": "trunk"}, "default-branch", "trunk"),
    ],
)
def test_variables_are_read_by_type(env, name, value):
    assert resolve("convert", {}, env).values[name] == value


@pytest.mark.parametrize(
    ("flags", "env", "message", "hint"),
    [
        ({"to": "fluxx"}, {}, "--to: `fluxx` is not flux or argocd", "did you mean `flux`?"),
        (
            {},
            {"ARGOFLUX_LAYOUT": "x"},
            "ARGOFLUX_LAYOUT: `x` is not flat or tenant",
            "say flat or tenant",
        ),
        (
            {},
            {"ARGOFLUX_FORCE": "maybe"},
            "ARGOFLUX_FORCE: `maybe` is not true or false",
            "say 1 or 0",
        ),
        ({"to": "\x1b[0m"}, {}, "'\\x1b[0m'", "say flux or argocd"),
    ],
)
def test_bad_values_name_their_origin_and_the_choices(flags, env, message, hint):
    with pytest.raises(UsageError) as caught:
        resolve("convert", flags, env)
    assert message in caught.value.message
    assert caught.value.hint == hint
