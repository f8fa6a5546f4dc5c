"""`python -m tests.ecosystem.substitution [REPOSITORY…]`: are variables of the corpus resolved?

Counts, over every Kustomization with `postBuild`, the uses of variables in what its path yields
whose values stand in the same root: in the Kustomization itself, or in a ConfigMap there. Uses of
variables from Secrets, from sources that are not in the repository, and of variables that nobody
sets are counted apart. Prints every use that is not resolved, and what keeps whole paths from being
rendered, with the reason.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

from argoflux.convert.request import request_for
from argoflux.flux.load import load
from argoflux.flux.rendered import Rendering
from argoflux.flux.substitution import Unfilled, Variables, exempt, fill_in, names_used
from argoflux.mapping.emission import ConvertOptions
from argoflux.model.content import Known
from argoflux.workspace.read import read
from tests.convert_run import ARGOCD, FLUX
from tests.ecosystem.corpus import repositories

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from argoflux.model.content import ContentObject

LEAST = 95.0


def count(folder: Path, sums: Counter[str], misses: list[str]) -> None:
    """Add the uses of one repository to the sums."""
    workspace = read([str(folder)], cwd=str(folder))
    request = request_for(workspace, "argocd", ConvertOptions(), argocd=ARGOCD, flux=FLUX)
    own = [r for r in workspace.resources if r.ref.group.endswith("fluxcd.io")]
    for app in load(own, request).estate.apps:
        variables, rendering = (app.extra["facts"].get(key) for key in ("variables", "rendering"))
        if not isinstance(variables, Variables) or not variables.active:
            continue
        content = request.content(app, app.parts[0])
        name = f"{folder.name}: {app.id}"
        for obj in content.objects if isinstance(content, Known) else ():
            for use, fate in fates(obj, variables):
                sums[fate] += 1
                if fate == "missed":
                    misses.append(f"{name}: ${{{use}}} in {obj.ref} ({obj.file})")
        if isinstance(rendering, Rendering) and rendering.outcome in {"unknown", "failing"}:
            misses.append(f"{name} is not rendered: {rendering.why}")


def fates(obj: ContentObject, variables: Variables) -> Iterator[tuple[str, str]]:
    """Every use in an object, and what becomes of it."""
    if exempt(obj.body):
        return
    try:
        left = fill_in(obj.body, variables).left
        fails = False
    except Unfilled:
        left, fails = set(), True
    for use in names_used(obj.body):
        if use in variables.secret:
            yield use, "from a Secret"
        elif use not in variables.values:
            yield use, "from a source elsewhere" if variables.unread else "set by nobody"
        elif use in left or fails or not obj.certain:
            yield use, "missed"
        else:
            yield use, "resolved"


def main(names: list[str]) -> int:
    sums: Counter[str] = Counter()
    misses: list[str] = []
    for folder in repositories():
        if not names or folder.name in names:
            count(folder, sums, misses)
    total = sums["resolved"] + sums["missed"]
    share = 100 * sums["resolved"] / total if total else 100.0
    print(f"resolved {sums['resolved']} of {total} uses of known variables: {share:.1f} %")
    print("all uses:", dict(sorted(sums.items())))
    for text in misses:
        print("  -", text)
    return 0 if share >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
