"""Which version of a repository is followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.mapping.emission import ConvertOptions
from tests.unit.mapping.row_cases import Row, application, check, git_repository, ids, kustomization

if TYPE_CHECKING:
    from pathlib import Path

SHA = "0123456789abcdef0123456789abcdef01234567"
TAG, BRANCH, SEMVER = ("spec.ref.tag",), ("spec.ref.branch",), ("spec.ref.semver",)
REVISIONS = [
    ("HEAD", "approximate", "A2F-REV-001", BRANCH),
    ("main", "equivalent", None, BRANCH),
    ("origin/main", "equivalent", None, BRANCH),
    ("refs/heads/v2", "exact", None, BRANCH),
    ("refs/tags/stable", "exact", None, TAG),
    ("refs/pull/7/head", "exact", None, ("spec.ref.name",)),
    (SHA, "exact", None, ("spec.ref.commit",)),
    (SHA.upper(), "exact", None, ("spec.ref.commit",)),
    ("deadbee", "manual", "A2F-REV-003", ("spec.ref.commit",)),
    ("1.2", "equivalent", "A2F-REV-002", TAG),
    ("v1.2.3", "equivalent", "A2F-REV-002", TAG),
    ("release-1.2.3", "equivalent", "A2F-REV-002", BRANCH),
    ("1.x", "equivalent", "A2F-REV-004", SEMVER),
    (">=1.0 <2", "equivalent", "A2F-REV-004", SEMVER),
    ("=1.2.3", "equivalent", "A2F-REV-004", SEMVER),
    ("*", "equivalent", "A2F-REV-004", SEMVER),
]
REFS = [
    ("branch: main", "branch", "exact", None),
    ("branch: master", "branch", "exact", None),
    ("tag: 1.0.0", "tag", "exact", None),
    ("tag: release-1", "tag", "exact", None),
    ("semver: '>=1.0'", "semver", "equivalent", None),
    ("name: refs/pull/1/head", "name", "equivalent", None),
    (f"commit: {SHA}", "commit", "exact", None),
    (f"commit: {SHA}, branch: main", "branch", "equivalent", None),
    ("semver: '*', tag: 1.0.0", "semver", "approximate", "F2A-GIT-004"),
    ("semver: '*', tag: 1.0.0", "tag", "exact", None),
    ("tag: 1.0.0, branch: main", "branch", "approximate", "F2A-GIT-004"),
]
TRUNK = ConvertOptions(default_branch="trunk", branch_stated=True)
AT = "spec.source.targetRevision"
ROWS = [
    *(
        Row(
            id=f"revision {text}",
            text=application(f"targetRevision: '{text}'"),
            path=AT,
            verdict=verdict,
            code=code,
            targets=targets,
        )
        for text, verdict, code, targets in REVISIONS
    ),
    *(
        Row(
            id=f"ref {ref}, {key}",
            text=kustomization(source=git_repository(ref=ref)),
            path=f"spec.ref.{key}",
            verdict=verdict,
            code=code,
        )
        for ref, key, verdict, code in REFS
    ),
    Row(
        id="an empty revision is HEAD",
        text=application("targetRevision: ''"),
        path=AT,
        verdict="approximate",
        code="A2F-REV-001",
        shown="`HEAD` of",
    ),
    Row(id="no revision is HEAD", text=application(), code="A2F-REV-001", shown="branch `main`"),
    Row(
        id="the user says what HEAD is",
        text=application("targetRevision: HEAD"),
        path=AT,
        options=TRUNK,
        verdict="equivalent",
        code="A2F-REV-013",
        shown="branch `trunk`",
    ),
    Row(
        id="the user says what no revision is",
        text=application(),
        options=TRUNK,
        code="A2F-REV-013",
        shown="`HEAD` of",
    ),
    Row(
        id="null is HEAD",
        text=application("targetRevision: null"),
        path=AT,
        verdict="equivalent",
    ),
    Row(
        id="a commit needs every branch",
        text=application(f"targetRevision: {SHA}"),
        code="A2F-REV-006",
    ),
    Row(
        id="a prefix of a range",
        text=application("targetRevision: 1.x, tagPrefix: app-"),
        path="spec.source.tagPrefix",
        verdict="manual",
        code="A2F-REV-005",
        shown="`tagPrefix: app-`",
    ),
    Row(
        id="a prefix of a version",
        text=application("targetRevision: 1.2.3, tagPrefix: app-"),
        path="spec.source.tagPrefix",
        verdict="equivalent",
    ),
    Row(
        id="a prefix beside a branch",
        text=application("targetRevision: main, tagPrefix: app-"),
        path="spec.source.tagPrefix",
        verdict="equivalent",
    ),
    Row(
        id="no ref is master",
        text=kustomization(source=git_repository(ref="")),
        code="F2A-GIT-003",
        shown="GitRepository shop has no `ref`",
    ),
    Row(
        id="a pinned source leaves its branch",
        text=kustomization(
            source=git_repository(
                "suspend: true", more=f"status: {{artifact: {{revision: 'main@sha1:{SHA}'}}}}"
            )
        ),
        path="spec.ref.branch",
        verdict="equivalent",
    ),
]


@ids(ROWS)
def test_row(tmp_path: Path, row: Row) -> None:
    check(tmp_path, row)


def test_a_version_is_looked_up_with_its_prefix(tmp_path: Path) -> None:
    """argo-cd:util/versions/tags.go MaxVersion puts the prefix before a version."""
    from tests.unit.mapping.row_cases import run

    text = application("targetRevision: 1.2.3, tagPrefix: app-")
    found = [d.body for d in run(tmp_path, Row(id="", text=text)).documents]
    [source] = [body for body in found if body["kind"] == "GitRepository"]
    assert source["spec"] == {
        "interval": "5m",
        "url": "https://git.example.com/acme/shop.git",
        "ref": {"tag": "app-1.2.3"},
    }
