"""The engine: dispatch, crashes, root causes, targets."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from argoflux.config import PathTarget, Settings
from argoflux.finding import Severity
from argoflux.lint import engine
from argoflux.lint.context import Context
from argoflux.lint.engine import lint, overriding
from argoflux.lint.registry import load_rule
from argoflux.lint.rule import Rule
from argoflux.lint.select import Selection
from argoflux.workspace.read import read

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.lint.result import Lint

SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: all, namespace: argocd}
spec:
  goTemplate: true
  generators:
    - list: {elements: [{name: a}, {name: b}]}
  template:
    metadata: {name: "{{ .name }}"}
    spec: {project: shop}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: c, namespace: argocd}
spec: {project: shop}
"""


def rule(code: str, check: Any, **more: Any) -> SimpleNamespace:
    declared = Rule(code=code, name=code.lower(), severity=Severity.ERROR, **more)

    def bound(subject: Any, *context: Any) -> Any:
        return check(declared, subject, *context)

    return SimpleNamespace(RULE=declared, check=bound)


def run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *modules: SimpleNamespace, text: str = SET
) -> Lint:
    (folder / "all.yaml").write_text(text)
    known = {module.RULE.code: module for module in (*modules, load_rule("AF901"))}
    monkeypatch.setattr(engine, "load_rule", known.__getitem__)
    context = Context(workspace=read([str(folder)], cwd=str(folder)), argocd="3.5", flux="2.9")
    return lint(context, Selection(codes=frozenset(known)))


def at_project(declared: Rule, view: Any, _ctx: Context) -> Any:
    yield declared.at(view.place("spec", "project"), "no", resource=view.resource)


def test_children_of_a_set_are_told_once_with_their_generator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = run(tmp_path, monkeypatch, rule("AF801", at_project, scope="application")).findings
    assert [f.place.line_column()[0] for f in found] == [10, 15]
    ((place, note),) = found[0].related
    assert (place.line_column()[0], note) == (7, "this generator makes a")
    assert found[1].related == ()


def test_a_rule_that_fails_does_not_end_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_declared: Rule, _subject: Any, _ctx: Context) -> Any:
        raise KeyError("oops")

    found = run(
        tmp_path,
        monkeypatch,
        rule("AF801", broken, kinds=("Application",)),
        rule("AF802", at_project, scope="application"),
    ).findings
    crashed = [f for f in found if f.code == "AF901"]
    assert [f.resource for f in crashed] == ["Application/argocd/c"]
    assert "KeyError in rule AF801" in crashed[0].message
    assert sum(f.code == "AF802" for f in found) == 2


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (SET, ("all.yaml", "ApplicationSet/argocd/all")),
        ("apiVersion: argoproj.io/v1alpha1\nkind: 'Application\n", (".", "")),
    ],
    ids=["at the first object", "without any object"],
)
def test_a_rule_about_everything_that_fails_is_told_too(
    text: str, place: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_declared: Rule, _ctx: Context) -> Any:
        raise KeyError("oops")

    found = run(tmp_path, monkeypatch, rule("AF801", broken, scope="estate"), text=text).findings
    (crashed,) = [f for f in found if f.code == "AF901"]
    assert (crashed.place.source.name, crashed.resource) == place


def test_causes_silence_their_consequences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def at_spec(declared: Rule, resource: Any, _ctx: Context) -> Any:
        yield declared.at(resource.place("spec"), "cause", resource=resource)

    def at_name(declared: Rule, resource: Any, _ctx: Context) -> Any:
        yield declared.at(resource.place("metadata", "name"), "far", resource=resource)

    kinds = ("Application",)
    found = run(
        tmp_path,
        monkeypatch,
        rule("AF801", at_spec, kinds=kinds),
        rule("AF802", at_project, scope="application", yields_to=("AF801",)),
        rule("AF803", at_name, kinds=kinds, yields_to=("AF801",)),
        rule("AF804", at_name, kinds=kinds, silenced_by=("AF801",)),
    ).findings
    assert [(f.code, f.place.line_column()[0]) for f in found] == [
        ("AF802", 10),  # another object
        ("AF803", 14),  # another value
        ("AF801", 15),
    ]


@pytest.mark.parametrize(
    ("file", "system", "release"),
    [
        ("deploy/old/a.yaml", "flux", "2.4"),
        ("deploy/old/very/a.yaml", "flux", "2.3"),
        ("deploy/old/a.yaml", "argocd", ""),
        ("deploy/new/a.yaml", "flux", ""),
        ("old/a.yaml", "flux", "2.4"),
    ],
)
def test_releases_by_path(file: str, system: str, release: str) -> None:
    settings = Settings(
        directory="deploy",
        targets=(
            PathTarget(path="old/**", flux="2.4"),
            PathTarget(path="old/very/**", flux="2.3"),
        ),
    )
    assert overriding(settings)(file, system) == release
