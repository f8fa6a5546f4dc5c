"""Rules about what Kustomizations build, and about switches of single objects, beyond their examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux.lint.flux_switches import judge
from argoflux.lint.samples import CONFIG_MAP, GIT_REPOSITORY, HELM_RELEASE, KUSTOMIZATION
from tests.lint_run import lint_texts

if TYPE_CHECKING:
    from pathlib import Path

GIT = '[remote "origin"]\n\turl = https://git.example.com/apps.git\n'
SOURCE = GIT_REPOSITORY.replace("{tag: v1.2.3}", "{branch: main}")
SUBSTITUTED = KUSTOMIZATION + "  postBuild:\n    substitute: {region: west}\n"


def said(folder: Path, code: str, texts: dict[str, str], flux: str = "2.9") -> list[str]:
    """Severity, file and place of what one rule says."""
    result = lint_texts(folder, texts, code=code, flux=flux)
    assert not [f for f in result.findings if f.code == "AF901"]
    return [
        f"{f.severity.value} {f.place.source.name} {'.'.join(map(str, f.place.path))}".strip()
        for f in result.findings
        if f.code == code
    ]


def built(owner: str, manifest: str, *, origin: bool = True) -> dict[str, str]:
    """A repository with a Kustomization of `web`, which holds one manifest."""
    files = {"source.yaml": SOURCE, "web.yaml": owner, "web/config.yaml": manifest}
    return {".git/config": GIT, **files} if origin else files


def config(value: str) -> str:
    """A ConfigMap with one value."""
    return CONFIG_MAP.replace("blue", value)


@pytest.mark.parametrize(
    ("key", "value", "meant"),
    [
        ("kustomize.toolkit.fluxcd.io/prune", "Disabled", None),
        ("kustomize.toolkit.fluxcd.io/prune", "no", "disabled"),
        ("kustomize.toolkit.fluxcd.io/force", "true", "enabled"),
        ("kustomize.toolkit.fluxcd.io/ssa", "ifnotpresent", None),
        ("kustomize.toolkit.fluxcd.io/ssa", "disabled", ""),
        ("kustomize.toolkit.fluxcd.io/substitute", "Disabled", "disabled"),
        ("kustomize.toolkit.fluxcd.io/name", "web", None),
        ("kustomize.toolkit.fluxcd.io/prun", "x", "kustomize.toolkit.fluxcd.io/prune"),
        ("kustomization.toolkit.fluxcd.io/ssa", "x", "kustomize.toolkit.fluxcd.io/ssa"),
        ("reconcile.fluxcd.io/requestedAt", "now", None),
        ("fluxcd.controlplane.io/reconcileEvery", "1m", None),
        ("helm.toolkit.fluxcd.io/driftDetection", "off", "disabled"),
    ],
)
def test_a_switch_is_judged_by_key_and_value(key: str, value: str, meant: str | None) -> None:
    """What is meant where a switch has no effect, None where there is nothing to say."""
    remark = judge(key, value)
    assert (remark.meant if remark is not None else None) == meant


@pytest.mark.parametrize(
    ("value", "flux", "expected"),
    [
        ("${colour}", "2.9", ["error web/config.yaml data.colour"]),
        ("${colour}", "2.8", ["warning web/config.yaml data.colour"]),
        ("${colour-blue}", "2.8", ["error web/config.yaml data.colour"]),
        ("${colour:-${shade}}", "2.9", ["error web/config.yaml data.colour"]),
        ("${colour:?no colour}", "2.9", []),
        ("${#colour}", "2.9", ["error web/config.yaml data.colour"]),
        ("$${colour}", "2.9", []),
        ("$colour ${region^^}", "2.9", []),
    ],
)
def test_undefined_variables(tmp_path: Path, value: str, flux: str, expected: list[str]) -> None:
    """The grammar is Flux's, and releases before 2.9 leave the value empty."""
    assert said(tmp_path, "AF413", built(SUBSTITUTED, config(value)), flux) == expected


def test_an_undefined_variable_in_a_likely_copy_is_a_warning(tmp_path: Path) -> None:
    """Files that are only likely to be those of the source prove nothing."""
    texts = built(SUBSTITUTED, config("${colour}"), origin=False)
    texts |= {
        f"{name}.yaml": KUSTOMIZATION.replace("name: web", f"name: {name}", 1).replace(
            "./web", f"./{name}"
        )
        for name in ("api", "data")
    }
    texts |= {"api/config.yaml": CONFIG_MAP, "data/config.yaml": CONFIG_MAP}
    assert said(tmp_path, "AF413", texts) == ["warning web/config.yaml data.colour"]


def test_a_pinned_source_is_not_judged(tmp_path: Path) -> None:
    """A tag may hold other files than the ones at hand."""
    texts = built(SUBSTITUTED, config("${colour}")) | {"source.yaml": GIT_REPOSITORY}
    assert said(tmp_path, "AF413", texts) == []


def test_a_config_map_with_a_key_that_is_no_name(tmp_path: Path) -> None:
    """The build fails over variables that are taken from elsewhere as well."""
    owner = KUSTOMIZATION + "  postBuild:\n    substituteFrom: [{kind: ConfigMap, name: vars}]\n"
    held = CONFIG_MAP.replace("name: web", "name: vars\n  namespace: flux-system")
    texts = {"web.yaml": owner, "vars.yaml": held.replace("colour", "main-colour")}
    assert said(tmp_path, "AF414", texts) == ["error web.yaml spec.postBuild.substituteFrom.0"]


SEALED = """\
apiVersion: v1
kind: {kind}
metadata:
  name: {name}
sops:
  mac: ENC[AES256_GCM,data:c2FtcGxl]
"""
DECRYPTED = KUSTOMIZATION + "  decryption: {provider: sops}\n"


@pytest.mark.parametrize(
    ("owner", "sealed", "expected"),
    [
        (KUSTOMIZATION, SEALED.format(kind="Secret", name="web"), ["error web.yaml spec"]),
        (KUSTOMIZATION, SEALED.format(kind="ConfigMap", name="web"), ["error web.yaml spec"]),
        (DECRYPTED, SEALED.format(kind="Secret", name="web"), []),
        (
            DECRYPTED,
            SEALED.format(kind="Secret", name="'ENC[AES256_GCM,data:c2Ft]'"),
            ["error web/config.yaml"],
        ),
    ],
)
def test_encrypted_objects(tmp_path: Path, owner: str, sealed: str, expected: list[str]) -> None:
    """All of a build has to be decrypted, and type and name have to be plain."""
    assert said(tmp_path, "AF415", built(owner, sealed)) == expected


BUCKET = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: Bucket
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 5m
  endpoint: s3.example.com
  bucketName: apps
  prefix: <prefix>
"""
FROM_BUCKET = KUSTOMIZATION.replace("kind: GitRepository", "kind: Bucket")


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [("api/", ["error web.yaml spec.path"]), ("web/", []), ("web", []), ("${prefix}", [])],
)
def test_the_prefix_of_a_bucket(tmp_path: Path, prefix: str, expected: list[str]) -> None:
    """Only objects of the prefix are fetched."""
    texts = {"source.yaml": BUCKET.replace("<prefix>", prefix), "web.yaml": FROM_BUCKET}
    assert said(tmp_path, "AF417", texts) == expected


@pytest.mark.parametrize(
    ("expression", "broken"),
    [
        ("status.phase == 'it\\'s (open'", False),
        ('status.names["a"] == "}"', False),
        ("has(status.phase", True),
        ("status.phase == 'Open", True),
        ("status.all(x, x > 1]", True),
        ("${expression", False),
    ],
)
def test_expressions_with_open_ends(tmp_path: Path, expression: str, broken: bool) -> None:
    """Brackets and quotes have to match; what stands in quotes does not count."""
    quoted = "    " + f"  current: |-\n        {expression}\n"
    checks = f"  wait: true\n  healthCheckExprs:\n    - apiVersion: a.b/v1\n      kind: C\n{quoted}"
    expected = ["warning web.yaml spec.healthCheckExprs.0.current"] if broken else []
    assert said(tmp_path, "AF411", {"web.yaml": KUSTOMIZATION + checks}) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", []),
        ("  values: {crds: {enabled: false}}\n", []),
        ("  install: {crds: CreateReplace}\n", ["info web.yaml spec"]),
        ("  install: {crds: CreateReplace}\n  values: {installCRDs: false}\n", []),
    ],
)
def test_crds_of_a_chart_that_nobody_knows(tmp_path: Path, more: str, expected: list[str]) -> None:
    """An installation that replaces CRDs tells that there are some."""
    assert said(tmp_path, "AF407", {"web.yaml": HELM_RELEASE + more}) == expected


def test_a_switch_in_common_metadata(tmp_path: Path) -> None:
    """What a Kustomization gives all of its objects counts as well."""
    key = "kustomize.toolkit.fluxcd.io/prune"
    texts = {"web.yaml": KUSTOMIZATION + f"  commonMetadata: {{labels: {{{key}: 'off'}}}}\n"}
    assert said(tmp_path, "AF418", texts) == [f"warning web.yaml spec.commonMetadata.labels.{key}"]
