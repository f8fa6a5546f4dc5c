"""Mistakes that people made in the corpus, and whether lint finds each at its line.

`python -m tests.ecosystem.lint_mistakes` prints those that are missed. Mistakes of which the corpus
has no sample (unknown sync options, `spec.branch` of a GitRepository, `spec.version` of a
HelmRelease, a HelmRepository in `chartRef`, an undefined alias) are examples of their rules instead.
Documents with API versions that no supported release serves are searched by text, not listed.
"""

from __future__ import annotations

import re
import sys
from typing import NamedTuple

from tests.ecosystem.corpus import repositories
from tests.ecosystem.linting import lint_folder


class Mistake(NamedTuple):
    """One mistake: where it is, the code that tells it, and what is wrong."""

    repository: str
    file: str
    line: int
    code: str
    what: str


MISTAKES = (
    Mistake(
        "argoproj+applicationset",
        "examples/matrix/matrix-and-union-in-matrix.yaml",
        18,
        "AF102",
        "a generator by the name that merge had before",
    ),
    Mistake(
        "aws-samples+flux-eks-gitops-config",
        "tenants/base/podinfo-team/source.yaml",
        13,
        "AF103",
        "`validation`, which did nothing under this version; the fix takes it away with the version",
    ),
    *(
        Mistake(
            "fluxcd+pkg",
            f"kustomize/testdata/kustomization{name}.yaml",
            2,
            "AF103",
            "`validation`, which did nothing under this version; the fix takes it away with the version",
        )
        for name in ("", "_varsub", "_varsub_dummy", "_varsub_empty", "_varsub_novars")
    ),
    Mistake(
        "fluxcd+pkg",
        "kustomize/testdata/nokustomization/panic/alert.yaml",
        19,
        "AF001",
        "an escape that YAML does not know",
    ),
    Mistake(
        "aws-samples+fleet-management-on-amazon-eks-workshop",
        "gitops/fleet/bootstrap/control-plane/members-init/addons-aws-oss-external-secrets-appset.yaml",
        45,
        "AF002",
        "values stated twice",
    ),
    *(
        Mistake(
            "aws-samples+fleet-management-on-amazon-eks-workshop",
            "gitops/addons/default/addons/kyverno/values.yaml",
            line,
            "AF002",
            "a key of the values stated again",
        )
        for line in (56, 62, 68)
    ),
    Mistake(
        "cterence+homelab-gitops",
        "k8s-apps/immich/templates/pvc.yaml",
        8,
        "AF002",
        "an annotation stated twice",
    ),
    *(
        Mistake(
            "fluxcd+flux-schema",
            "cmd/flux-schema/testdata/validate/manifests/invalid-metadata.yaml",
            line,
            "AF002",
            "a key stated twice",
        )
        for line in (24, 39)
    ),
    Mistake(
        "wrmilling+k3s-gitops",
        "kube-system/volsync/ks.yaml",
        10,
        "AF209",
        "a Kustomization that applies itself, below one that applies everything",
    ),
    Mistake(
        "h3mmy+bloopySphere",
        "cluster/apps/flux-system/image-update-automation.yaml",
        20,
        "AF106",
        "a value of commit templates that went",
    ),
)

_REMOVED = re.compile(
    r"(?m)^apiVersion: *[\"']?(?:helm\.toolkit\.fluxcd\.io/v2beta[12]"
    r"|source\.toolkit\.fluxcd\.io/v1beta[12]|kustomize\.toolkit\.fluxcd\.io/v1beta[12])[\"']?\s*$"
)


def missed() -> list[str]:
    """Listed mistakes without their finding."""
    wanted: dict[str, list[Mistake]] = {}
    for mistake in MISTAKES:
        wanted.setdefault(mistake.repository, []).append(mistake)
    wrong = []
    for folder in repositories():
        if folder.name not in wanted:
            continue
        told = {(one.file, one.line, one.code) for one in lint_folder(folder)}
        wrong += [
            f"{one.repository}/{one.file}:{one.line} {one.code}: {one.what}"
            for one in wanted[folder.name]
            if (one.file, one.line, one.code) not in told
        ]
    return wrong


def removed_versions() -> tuple[int, list[str]]:
    """How many documents state a version that is gone, and those that no finding speaks about."""
    count, wrong = 0, []
    for folder in repositories():
        lines = {
            (path.relative_to(folder).as_posix(), text.count("\n", 0, found.start()) + 1)
            for path in folder.rglob("*.y*ml")
            if path.is_file()
            for text in [path.read_text(errors="replace")]
            for found in _REMOVED.finditer(text)
        }
        if not lines:
            continue
        count += len(lines)
        told = {(one.file, one.line) for one in lint_folder(folder) if one.code in _VERSIONS}
        wrong += [f"{folder.name}/{file}:{line}" for file, line in sorted(lines - told)]
    return count, wrong


_VERSIONS = frozenset({"AF103", "AF104"})
"""Gone from the release that the repository states, or, where it states an older one, deprecated."""


def main() -> int:
    wrong = missed()
    for text in wrong:
        print("missed:", text)
    count, silent = removed_versions()
    for text in silent:
        print("no finding:", text)
    print(f"{len(MISTAKES)} mistakes, {len(wrong)} missed")
    print(f"{count} documents of versions that are gone, {len(silent)} without a finding")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
