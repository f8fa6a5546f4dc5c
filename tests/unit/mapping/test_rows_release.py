"""What only a real Helm release has: history, remediation, hooks, CRD policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux.mapping.release import crd_effect
from tests.unit.mapping.row_table import (
    APPROXIMATE,
    CHART,
    EQUIVALENT,
    EXACT,
    MANUAL,
    NONE,
    UNKNOWN,
    Row,
    check,
    each,
    release,
)

if TYPE_CHECKING:
    from pathlib import Path

_CRD = {**CHART, "app/crds/x.yaml": "kind: CustomResourceDefinition\n"}
_LOOKUP = {**CHART, "app/templates/x.yaml": '{{ lookup "v1" "Secret" "a" "b" }}\n'}
_RETRY = "spec.syncPolicy.retry"


def _row(spec: str, path: str, verdict: str, code: str | None = None, **wrote: object) -> Row:
    found = {key.replace("__", "."): value for key, value in wrote.items()}
    return Row(
        says=f"{path} of {spec}",
        text=release(spec),
        path=f"spec.{path}",
        verdict=verdict,
        code=code,
        wrote=found,
    )


def _switch(path: str, value: str, verdict: str, code: str | None = None) -> Row:
    """A leaf below an action: ``install.replace`` with its value."""
    *blocks, leaf = path.split(".")
    text = f"{{{leaf}: {value}}}"
    for block in reversed(blocks[1:]):
        text = f"{{{block}: {text}}}"
    return _row(f"{blocks[0]}: {text}", path, verdict, code)


STORAGE = (
    _row("storageNamespace: helm", "storageNamespace", NONE, "F2A-HR-002"),
    _row("storageNamespace: shop", "storageNamespace", EXACT),
    _row("persistentClient: false", "persistentClient", NONE, "F2A-HR-017"),
    _row("persistentClient: true", "persistentClient", EXACT),
    Row(says="no release", text=release(), path="", verdict=EQUIVALENT, code="F2A-HR-002"),
    _row("waitStrategy: {name: poller}", "waitStrategy.name", EXACT),
    _row("waitStrategy: {name: legacy}", "waitStrategy.name", NONE, "F2A-HR-017"),
)

CRDS = (
    _row("install: {crds: Skip}", "install.crds", EXACT, spec__source__helm__skipCrds=True),
    _row("install: {crds: Create}", "install.crds", APPROXIMATE, "F2A-HR-007"),
    _row("install: {crds: CreateReplace}", "install.crds", APPROXIMATE, "F2A-HR-007"),
    _row("upgrade: {crds: Skip}", "upgrade.crds", APPROXIMATE, "F2A-HR-007"),
    _row("upgrade: {crds: Skip}\ninstall: {crds: Skip}", "upgrade.crds", EQUIVALENT),
    _row(
        "upgrade: {crds: CreateReplace}\ninstall: {crds: Skip}",
        "upgrade.crds",
        APPROXIMATE,
        "F2A-HR-023",
        spec__source__helm__skipCrds=True,
    ),
    _row(
        "install: {skipCRDs: true}",
        "install.skipCRDs",
        EQUIVALENT,
        spec__source__helm__skipCrds=None,
    ),
    Row(
        says="CRDs of the chart where nothing is stated",
        text=release(),
        files=_CRD,
        path="",
        verdict=APPROXIMATE,
        code="F2A-HR-007",
    ),
)

_DEPENDS = {
    **CHART,
    "app/Chart.yaml": "apiVersion: v2\nname: api\nversion: 1.0.0\n"
    "dependencies: [{name: db, version: 1.0.0, repository: 'https://charts.example.com'}]\n",
}
_KNOWN_CRDS = tuple(
    Row(
        says=f"a policy for CRDs, {what}",
        text=release("install: {crds: Create}\nupgrade: {crds: CreateReplace}"),
        files=files,
        path=f"spec.{action}.crds",
        verdict=APPROXIMATE if code else EQUIVALENT,
        code=code,
    )
    for action in ("install", "upgrade")
    for what, files, code in (
        ("of a chart without any", CHART, None),
        ("of a chart that has some", _CRD, "F2A-HR-007"),
        ("of a vendored chart", {**CHART, "app/charts/db/crds/x.yaml": "a: b\n"}, "F2A-HR-007"),
        ("of a packed chart", {**CHART, "app/charts/db-1.0.0.tgz": "packed"}, "F2A-HR-007"),
        ("of a chart from elsewhere", _DEPENDS, "F2A-HR-007"),
    )
)

NAMESPACE = (
    _row("install: {createNamespace: true}", "install.createNamespace", EQUIVALENT),
    Row(
        says="the target namespace is created",
        text=release("targetNamespace: web\ninstall: {createNamespace: true}"),
        path="spec.install.createNamespace",
        verdict=EQUIVALENT,
        target="spec.syncPolicy.syncOptions[0]",
        wrote={"spec.syncPolicy.syncOptions.0": "CreateNamespace=true"},
    ),
)

TIMEOUTS = (
    *(
        _switch(f"{action}.timeout", "10m", NONE, "F2A-HR-017")
        for action in ("install", "upgrade", "rollback", "uninstall", "test")
    ),
    _switch("install.timeout", "5m0s", EXACT),
    _switch("install.timeout", "soon", UNKNOWN, "F2A-FLD-002"),
    _row("timeout: 10m\ninstall: {timeout: 600s}", "install.timeout", EXACT),
)

_EVERY = "strategy: {name: RetryOnFailure, retryInterval: 1m}"

RETRIES = (
    Row(
        says="retried without end",
        text=release(f"upgrade: {{{_EVERY}}}"),
        path="spec.upgrade.strategy.name",
        verdict=EQUIVALENT,
        code="F2A-HR-021",
        target=f"{_RETRY}.limit",
        wrote={f"{_RETRY}.limit": -1, f"{_RETRY}.backoff.duration": "1m"},
    ),
    Row(
        says="retried without end at the default pause",
        text=release("install: {strategy: {name: RetryOnFailure}}"),
        path="spec.install.strategy.name",
        verdict=EQUIVALENT,
        code="F2A-HR-021",
        wrote={f"{_RETRY}.backoff.duration": "5m"},
    ),
    _row(
        "install: {strategy: {name: RemediateOnFailure}}",
        "install.strategy.name",
        EXACT,
        spec__syncPolicy__retry=None,
    ),
    Row(
        says="a pause between attempts",
        text=release(f"upgrade: {{{_EVERY}}}"),
        path="spec.upgrade.strategy.retryInterval",
        verdict=EQUIVALENT,
        target=f"{_RETRY}.backoff.duration",
    ),
    _row(
        f"upgrade: {{{_EVERY}}}\ninstall: {{{_EVERY}}}",
        "install.strategy.retryInterval",
        EQUIVALENT,
    ),
    _row(
        f"upgrade: {{{_EVERY}}}\ninstall: {{strategy: {{name: RetryOnFailure, retryInterval: 9m}}}}",
        "install.strategy.retryInterval",
        APPROXIMATE,
        "F2A-HR-024",
    ),
    _row(
        f"install: {{{_EVERY}}}\nupgrade: {{remediation: {{retries: 3}}}}",
        "upgrade.remediation.retries",
        APPROXIMATE,
        "F2A-HR-024",
        spec__syncPolicy__retry__limit=-1,
    ),
    Row(
        says="tried three times",
        text=release("upgrade: {remediation: {retries: 3}}"),
        path="spec.upgrade.remediation.retries",
        verdict=APPROXIMATE,
        code="F2A-HR-008",
        target=f"{_RETRY}.limit",
        wrote={f"{_RETRY}.limit": 3, f"{_RETRY}.backoff.duration": "10m"},
    ),
    _row(
        "upgrade: {remediation: {retries: -1}}",
        "upgrade.remediation.retries",
        APPROXIMATE,
        "F2A-HR-008",
        spec__syncPolicy__retry__limit=-1,
    ),
    _row(
        "upgrade: {remediation: {retries: 0}}",
        "upgrade.remediation.retries",
        EXACT,
        spec__syncPolicy__retry={"limit": 0},
    ),
    _row(
        "upgrade: {remediation: {retries: 3}}\ninstall: {remediation: {retries: 1}}",
        "install.remediation.retries",
        APPROXIMATE,
        "F2A-HR-024",
        spec__syncPolicy__retry__limit=3,
    ),
    _row(
        "upgrade: {remediation: {retries: 3}}\ninstall: {remediation: {retries: 3}}",
        "install.remediation.retries",
        APPROXIMATE,
        "F2A-HR-008",
    ),
    Row(
        says="not tried again, which is the default",
        text=release(),
        path="",
        verdict=APPROXIMATE,
        code="F2A-HR-022",
        wrote={_RETRY: None},
    ),
    _switch("install.remediation.remediateLastFailure", "true", NONE, "F2A-HR-008"),
    _switch("upgrade.remediation.remediateLastFailure", "false", EQUIVALENT),
    _switch("install.remediation.ignoreTestFailures", "true", NONE, "F2A-HR-008"),
    _switch("upgrade.remediation.ignoreTestFailures", "false", EXACT),
    _switch("upgrade.remediation.strategy", "uninstall", NONE, "F2A-HR-008"),
    _switch("upgrade.remediation.strategy", "rollback", EXACT),
)

SWITCHES = (
    *(
        _switch(f"{action}.{leaf}", value, EQUIVALENT)
        for action in ("install", "upgrade", "rollback")
        for leaf in ("disableWait", "disableWaitForJobs")
        for value in ("true", "false")
    ),
    *(
        _switch(f"{action}.disableHooks", "true", MANUAL, "F2A-HR-009")
        for action in ("install", "upgrade", "uninstall")
    ),
    _switch("rollback.disableHooks", "true", EQUIVALENT),
    _switch("install.disableHooks", "false", EXACT),
    _switch("install.disableOpenAPIValidation", "true", APPROXIMATE, "F2A-HR-018"),
    _switch("install.disableOpenAPIValidation", "false", EXACT),
    Row(
        says="both actions without validation",
        text=release(
            "install: {disableOpenAPIValidation: true}\nupgrade: {disableOpenAPIValidation: true}"
        ),
        path="spec.upgrade.disableOpenAPIValidation",
        verdict=EQUIVALENT,
        target="spec.syncPolicy.syncOptions[2]",
        wrote={"spec.syncPolicy.syncOptions.2": "Validate=false"},
    ),
    _switch("install.replace", "true", NONE, "F2A-HR-017"),
    _switch("install.replace", "false", EXACT),
    _switch("upgrade.disableTakeOwnership", "true", APPROXIMATE, "F2A-HR-019"),
    _switch("install.disableTakeOwnership", "false", EXACT),
    _switch("install.serverSideApply", "true", EXACT),
    _switch("install.serverSideApply", "false", APPROXIMATE, "F2A-HR-020"),
    _switch("upgrade.serverSideApply", "auto", EXACT),
    _switch("upgrade.serverSideApply", "enabled", EXACT),
    _switch("upgrade.serverSideApply", "disabled", APPROXIMATE, "F2A-HR-020"),
    _switch("rollback.serverSideApply", "disabled", EQUIVALENT),
    _switch("upgrade.force", "true", APPROXIMATE, "F2A-HR-010"),
    _switch("rollback.force", "true", APPROXIMATE, "F2A-HR-010"),
    _switch("upgrade.force", "false", EXACT),
    _switch("upgrade.preserveValues", "true", MANUAL, "F2A-HR-011"),
    _switch("upgrade.preserveValues", "false", EXACT),
    _switch("upgrade.cleanupOnFail", "true", NONE, "F2A-HR-017"),
    _switch("upgrade.cleanupOnFail", "false", EXACT),
    _switch("upgrade.chartNameChangeStrategy", "Rename", NONE, "F2A-HR-017"),
    _switch("install.strategy.name", "Hope", APPROXIMATE, "F2A-HR-008"),
    _switch("rollback.cleanupOnFail", "true", NONE, "F2A-HR-017"),
    _switch("rollback.cleanupOnFail", "false", EXACT),
    _switch("rollback.recreate", "true", EQUIVALENT),
    _switch("upgrade.chartNameChangeStrategy", "Reinstall", EXACT),
    _switch("upgrade.chartNameChangeStrategy", "InPlaceUpdate", EQUIVALENT),
    _switch("uninstall.keepHistory", "true", NONE, "F2A-HR-017"),
    _switch("uninstall.keepHistory", "false", EXACT),
    _switch("install.disableHooks", "'yes'", UNKNOWN, "F2A-FLD-002"),
)

TESTS = (
    _switch("test.enable", "true", MANUAL, "F2A-HR-012"),
    _switch("test.enable", "false", EQUIVALENT),
    _switch("test.ignoreFailures", "true", EQUIVALENT),
    _row("test: {enable: true, filters: [{name: a}]}", "test.filters[0].name", EQUIVALENT),
    _row(
        "test: {enable: true, filters: [{name: a, exclude: true}]}",
        "test.filters[0].exclude",
        EQUIVALENT,
    ),
)

CHARTS = (
    Row(
        says="hooks run on every sync",
        text=release(),
        path="",
        verdict=APPROXIMATE,
        code="F2A-HR-014",
    ),
    Row(
        says="functions that look at the cluster",
        text=release(),
        files=_LOOKUP,
        path="",
        verdict=APPROXIMATE,
        code="F2A-HR-013",
    ),
    Row(
        says="values that select by labels of Flux",
        text=release("values: {selector: 'helm.toolkit.fluxcd.io/name=shop'}"),
        path="",
        verdict=APPROXIMATE,
        code="F2A-HR-015",
    ),
)

ROWS = (*STORAGE, *CRDS, *_KNOWN_CRDS, *NAMESPACE, *TIMEOUTS, *RETRIES, *SWITCHES, *TESTS, *CHARTS)


@each(ROWS)
def test_row(row: Row, tmp_path: Path) -> None:
    """Each leaf has the verdict, the message and the target that the tables say."""
    check(row, tmp_path)


@pytest.mark.parametrize(
    ("policies", "effect"),
    [
        ({}, "updated with every sync, and pruned"),
        ({"install": {"crds": "CreateReplace"}}, "updated with every sync, and pruned"),
        ({"upgrade": {"crds": "CreateReplace"}}, "pruned"),
    ],
)
def test_what_argocd_does_to_crds(policies: dict[str, object], effect: str) -> None:
    """What helm-controller does with every upgrade is no change."""
    assert crd_effect({"spec": policies}) == effect
