"""How many ApplicationSets of the corpus expand: ``python -m tests.ecosystem.expand_appsets [REPO…]``.

Counted are those whose generators need nothing but the files of a repository of the corpus, lists,
and clusters whose Secrets stand in the same root. Every other one is listed by what it lacks, and
every miss with its reason.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from argoflux.argocd.appset.expand import expand
from argoflux.argocd.appset.paths import repository_paths
from argoflux.argocd.load_appset import inputs_of_generators
from argoflux.argocd.loading import Loading
from argoflux.argocd.settings import read_settings
from argoflux.convert.request import request_for
from argoflux.mapping.emission import ConvertOptions
from argoflux.workspace.read import read
from tests.ecosystem.corpus import repositories

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from argoflux.argocd.appset.problems import Problem
    from argoflux.workspace.read import Workspace

LACKING = frozenset({"live", "no-clusters", "no-files"})
SHARE = 0.95
REFUSED = frozenset(
    {
        "argoproj+applicationset matrix-and-union-in-matrix",
        "argoproj+argo-cd cluster-git",
        "argoproj+argo-cd list-and-list",
        "argoproj-labs+argocd-operator example",
        "redhat-na-ssa+demo-ai-gitops-catalog cluster-configs-applicationset",
        "redhat-na-ssa+demo-ai-gitops-catalog cluster-operators-applicationset",
    }
)
"""Sets that the generators of Argo CD 3.5 refuse too, as its own code said when it was run on them."""


class Outcome(NamedTuple):
    """What became of one ApplicationSet."""

    file: str
    name: str
    made: int
    problems: tuple[Problem, ...]

    @property
    def lacks(self) -> str:
        """What the corpus does not hold, empty for a set that could be expanded."""
        return next((p.reason for p in self.problems if p.reason in LACKING), "")

    @property
    def refused(self) -> bool:
        """Whether Argo CD itself makes nothing of the set."""
        return f"{self.file.partition('/')[0]} {self.name}" in REFUSED


def _copies(repository: Path, workspace: Workspace) -> tuple[str, ...]:
    """The URLs that mean a repository of the corpus, whose folder is called ``owner+name``."""
    wanted = repository.name.replace("+", "/").lower()
    found = {
        url
        for resource in workspace.resources
        if resource.ref.kind == "ApplicationSet" and isinstance(resource.body.get("spec"), dict)
        for url, _ in repository_paths(resource.body["spec"])
        if url.lower().removesuffix(".git").endswith(f"/{wanted}")
    }
    return tuple(f"{url}={repository}" for url in sorted(found))


def outcomes(repository: Path) -> Iterator[Outcome]:
    """Every ApplicationSet of one repository."""
    workspace = read([str(repository)], cwd=str(repository.parent))
    copies = _copies(repository, workspace)
    if copies:
        workspace = read([str(repository)], cwd=str(repository.parent), sources=copies)
    request = request_for(workspace, "flux", ConvertOptions(), argocd="3.5", flux="2.9")
    resources = list(workspace.resources)
    loading = Loading(resources=resources, request=request, settings=read_settings(resources))
    for resource in resources:
        if resource.ref.kind == "ApplicationSet":
            found = expand(resource.body, inputs_of_generators(resource, loading))
            yield Outcome(resource.file, resource.ref.name, len(found.children), found.problems)


def main(names: Iterable[str]) -> int:
    """Print the numbers; 1 when fewer than the promised share expand."""
    chosen = set(names)
    found = [
        outcome
        for repository in repositories()
        if not chosen or repository.name in chosen
        for outcome in outcomes(repository)
    ]
    static = [outcome for outcome in found if not outcome.lacks]
    misses = [outcome for outcome in static if outcome.problems]
    for outcome in misses:
        for problem in outcome.problems[:1]:
            kind = "refused by Argo CD too" if outcome.refused else "miss"
            print(f"{kind}: {outcome.file} {outcome.name}: {problem.reason}: {problem.text}")
    lacking = Counter(outcome.lacks for outcome in found if outcome.lacks)
    for reason, count in sorted(lacking.items()):
        print(f"not counted: {count} ({reason})")
    made = sum(outcome.made for outcome in static)
    expanded = len(static) - len(misses)
    valid = len(static) - len([outcome for outcome in misses if outcome.refused])
    share = expanded / valid if valid else 1.0
    print(f"{expanded} of {valid} ApplicationSets expand ({share:.1%}), {made} Applications")
    return 0 if share >= SHARE else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
