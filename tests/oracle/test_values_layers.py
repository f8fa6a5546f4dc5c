"""The ways of values files end in the values that Argo CD hands to the chart: asked of the real Helm.

Argo CD passes every file with ``--values``, inline values last. What Flux does with the written
objects is played here: files of a chart and of an ArtifactGenerator become the chart's defaults
(source-controller:internal/helm/chart/builder.go, source-watcher:internal/builder/merge.go),
``valuesFrom`` and then ``values`` are the values of the user (fluxcd/pkg:chartutil/values.go).
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from argoflux.flux.values_layers import merge_values, parse_values
from argoflux.mapping.emission import ConvertOptions
from argoflux.yamlio.dump import dump_documents
from tests.convert_run import convert_texts
from tests.oracle.engines import program

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(program("helm") is None, reason="no helm on PATH or the index"),
]
HERE, ENV = "https://git.example.com/acme/charts", "https://git.example.com/acme/env"
CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: api\nversion: 1.0.0\n",
    "chart/values.yaml": "who: chart\nchart: 1\nmap: {chart: 1}\nlist: [1, 2]\ngone: 1\n",
    "chart/one.yaml": "who: one\none: 1\nmap: {one: 1}\n",
    "chart/two.yaml": "who: two\ntwo: 1\nmap: {two: 1}\nlist: [3]\n",
    "chart/templates/all.yaml": "values: {{ .Values | toJson }}\n",
}
FILES = {
    "a.yaml": "who: a\na: 1\nmap: {a: 1}\n",
    "b.yaml": "who: b\nb: 1\nlist: []\nmap: {one: 2}\n",
}
ORDERS = (
    ("$env/a.yaml",),
    ("$env/a.yaml", "$env/b.yaml"),
    ("one.yaml", "$env/a.yaml"),
    ("$env/b.yaml", "one.yaml"),
    ("one.yaml", "$env/b.yaml", "two.yaml", "$env/a.yaml"),
    ("$env/a.yaml", "values.yaml"),
)
INLINE = ("", "who: inline, map: {a: 2, inline: 1}")


def application(files: tuple[str, ...], inline: str) -> str:
    values = f", valuesObject: {{{inline}}}" if inline else ""
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
        "metadata: {name: api, namespace: argocd}\nspec:\n  project: default\n"
        "  destination: {server: https://kubernetes.default.svc, namespace: web}\n  sources:\n"
        f"  - {{repoURL: {HERE}, targetRevision: main, path: chart, "
        f"helm: {{valueFiles: [{', '.join(files)}]{values}}}}}\n"
        f"  - {{repoURL: {ENV}, targetRevision: main, ref: env}}\n"
    )


def helm(folder: Path, *user: dict[str, Any] | Path) -> dict[str, Any]:
    """The values that the templates of a chart see."""
    found = program("helm")
    assert found is not None
    args = [str(found), "template", "api", str(folder / "chart")]
    for number, values in enumerate(user):
        path = values
        if isinstance(values, dict):
            path = folder / f"user-{number}.yaml"
            path.write_text(dump_documents([values]))
        args += ["--values", str(path)]
    done = subprocess.run(args, check=True, capture_output=True, text=True, timeout=60)
    printed = parse_values(done.stdout.partition("\n---\n")[2] or done.stdout) or {}
    return dict(printed["values"])


def in_argocd(folder: Path, files: tuple[str, ...], inline: str) -> dict[str, Any]:
    paths = [
        folder / "env" / name.removeprefix("$env/") if name[0] == "$" else folder / "chart" / name
        for name in files
    ]
    return helm(folder, *paths, parse_values(f"{{{inline}}}") or {})


def in_flux(folder: Path, bodies: list[dict[str, Any]], copies: dict[str, str]) -> dict[str, Any]:
    """Play what the controllers do with the new objects."""
    (release,) = (body["spec"] for body in bodies if body["kind"] == "HelmRelease")
    roots = {"repository": folder, "env": folder / "env", "chart": folder}
    defaults: dict[str, Any] = parse_values((folder / "chart/values.yaml").read_text()) or {}
    stated = release.get("chart", {}).get("spec", {}).get("valuesFiles", [])
    merged = [folder / name for name in stated[1:]]
    for body in bodies:
        if body["kind"] == "ArtifactGenerator":
            for copy in body["spec"]["artifacts"][0]["copy"][1:]:
                alias, _, path = copy["from"][1:].partition("/")
                merged.append(roots[alias] / path)
    for path in merged:
        defaults = merge_values(defaults, parse_values(path.read_text()) or {})
    (folder / "chart/values.yaml").write_text(dump_documents([defaults]))
    user: dict[str, Any] = {}
    for item in release.get("valuesFrom", []):
        text = copies[item.get("valuesKey", "values.yaml")]
        user = merge_values(user, parse_values(text) or {})
    return helm(folder, merge_values(user, release.get("values", {})))


@pytest.mark.parametrize(
    ("flux", "to_folder"), [("2.9", True), ("2.8", True), ("2.8", False)], ids=str
)
@pytest.mark.parametrize("inline", INLINE)
@pytest.mark.parametrize("files", ORDERS, ids=" ".join)
def test_values_are_the_same(
    files: tuple[str, ...], inline: str, flux: str, to_folder: bool, tmp_path: Path
) -> None:
    texts = {**CHART, **{f"env/{name}": text for name, text in FILES.items()}}
    options = ConvertOptions(to_folder=to_folder)
    _, result = convert_texts(
        tmp_path,
        {**texts, "apps/api.yaml": application(files, inline)},
        "flux",
        options,
        sources=(f"{HERE}={tmp_path}", f"{ENV}={tmp_path}/env"),
        flux=flux,
    )
    expected = in_argocd(tmp_path, files, inline)
    bodies: list[Any] = [document.body for document in result.documents]
    copies = {}
    for file in result.files:
        if file.path.startswith("rendered/"):
            name = file.path.rpartition("/")[2]
            copies[name] = copies["values.yaml"] = file.text
    assert in_flux(tmp_path, bodies, copies) == expected
    assert expected["chart"] == 1
