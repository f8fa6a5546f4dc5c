"""The source hydrator: the synced half is converted, the rendering half needs a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.convert_run import convert_texts
from tests.unit.mapping.row_cases import Row, check, ids, run

if TYPE_CHECKING:
    from pathlib import Path

DRY = "drySource: {repoURL: https://git.example.com/acme/fleet, path: dry, targetRevision: HEAD%s}"
SYNC = "syncSource: {targetBranch: env/dev, path: shop%s}"
AT = "spec.sourceHydrator"


def application(dry: str = "", sync: str = "", more: str = "") -> str:
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: shop, namespace: argocd, finalizers: [resources-finalizer.argocd.argoproj.io]}}
spec:
  project: default
  destination: {{server: https://kubernetes.default.svc, namespace: web}}
  syncPolicy: {{automated: {{prune: true, selfHeal: true}}}}
  sourceHydrator:
    {DRY % dry}
    {SYNC % sync}
{more}"""


STAGED = "    hydrateTo: {targetBranch: env/dev-next}\n"
OTHER = ", repoURL: https://git.example.com/acme/rendered"
BOTH = "  source: {repoURL: https://git.example.com/acme/old, path: old}\n"
ROWS = [
    Row(
        id="the branch",
        text=application(),
        path=f"{AT}.syncSource.targetBranch",
        targets=("spec.ref.branch",),
    ),
    Row(id="the path", text=application(), path=f"{AT}.syncSource.path", targets=("spec.path",)),
    Row(
        id="the repository is that of the dry source",
        text=application(),
        path=f"{AT}.drySource.repoURL",
        targets=("spec.url",),
    ),
    Row(
        id="or one of its own",
        text=application(sync=OTHER),
        path=f"{AT}.syncSource.repoURL",
        targets=("spec.url",),
    ),
    Row(
        id="and then the dry one is not read",
        text=application(sync=OTHER),
        path=f"{AT}.drySource.repoURL",
        verdict="manual",
        code="A2F-HYD-001",
    ),
    Row(
        id="what is rendered",
        text=application(),
        path=f"{AT}.drySource.path",
        verdict="manual",
        code="A2F-HYD-001",
        shown="commit the result to branch `env/dev`",
    ),
    Row(
        id="how it is rendered",
        text=application(", helm: {valuesObject: {a: {b: 1}}}"),
        path=f"{AT}.drySource.helm.valuesObject.a.b",
        verdict="manual",
        code="A2F-HYD-001",
    ),
    Row(
        id="a branch in between",
        text=application(more=STAGED),
        path=f"{AT}.hydrateTo.targetBranch",
        verdict="manual",
        code="A2F-HYD-001",
        shown="commit the result to branch `env/dev-next`",
    ),
    Row(
        id="a source beside it is not read",
        text=application(more=BOTH),
        path="spec.source.repoURL",
        verdict="equivalent",
        code=None,
        targets=(),
    ),
    Row(
        id="and that is said",
        text=application(more=BOTH),
        code="A2F-SRC-020",
        shown="sourceHydrator",
    ),
]


@ids(ROWS)
def test_row(tmp_path: Path, row: Row) -> None:
    check(tmp_path, row)


def test_the_branch_is_not_read_from_the_checkout(tmp_path: Path) -> None:
    """A directory of the same name on the dry branch holds something else."""
    files = {"shop/kustomization.yaml": "namePrefix: dry-\n", "dry/x.yaml": "a: 1\n"}
    result = run(tmp_path, Row(id="", text=application(), files=files))
    specs = {d.body["kind"]: d.body["spec"] for d in result.documents}
    assert specs["GitRepository"] == {
        "interval": "5m",
        "url": "https://git.example.com/acme/fleet",
        "ref": {"branch": "env/dev"},
    }
    assert specs["Kustomization"]["path"] == "./shop"
    codes = {message.code for message in result.messages}
    assert codes & {"A2F-SRC-002", "A2F-SRC-007", "A2F-SRC-024"} == set()


def test_a_checkout_of_the_branch_can_be_named(tmp_path: Path) -> None:
    """The message says how, and then the namespaces of its objects are known."""
    manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: other}\n"
    files = {"app.yaml": application(), "branch/shop/manifest.yaml": manifest}
    _, result = convert_texts(tmp_path, files, "flux")
    advice = next(m.instead for m in result.messages if m.code == "A2F-NS-001")
    assert "`--source Application/argocd/shop=DIR`" in advice
    named = ("Application/argocd/shop=branch",)
    _, result = convert_texts(tmp_path, files, "flux", sources=named)
    spec = next(d.body["spec"] for d in result.documents if d.body["kind"] == "Kustomization")
    assert "targetNamespace" not in spec
