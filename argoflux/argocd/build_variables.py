"""Build variables (``$ARGOCD_APP_NAME``) that the repo-server expands in parts of a source.

Facts: argo-cd:reposerver/repository/repository.go newEnv, argo-cd:pkg/apis/application/v1alpha1/
types.go Env.Envsubst, go:src/os/env.go Expand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

RUNTIME = frozenset(
    {
        "ARGOCD_APP_REVISION",
        "ARGOCD_APP_REVISION_SHORT",
        "ARGOCD_APP_REVISION_SHORT_8",
        "KUBE_VERSION",
        "KUBE_API_VERSIONS",
    }
)
"""Variables whose value nobody knows before the build."""

_REFERENCE = re.compile(
    r"\$(?:\{(?P<braced>[^}]+)\}|(?P<plain>[*#$@!?0-9-]|[A-Za-z_][A-Za-z0-9_]*)|(?P<broken>\{\}?))"
)


@dataclass(slots=True)
class Expansion:
    """Expands texts of one source and remembers what was used.

    ``used`` holds names with their values, ``runtime`` names that were left as they stand.
    """

    values: Mapping[str, str]
    used: dict[str, str] = field(default_factory=dict)
    runtime: set[str] = field(default_factory=set)

    def knows(self, name: str) -> bool:
        """Whether Argo CD sets a variable of that name."""
        return name.strip("{}") in {*self.values, *RUNTIME}

    def expand(self, text: str) -> str:
        """The text as Argo CD would use it; names that nobody sets become empty."""
        return _REFERENCE.sub(self._value, text) if "$" in text else text

    def _value(self, match: re.Match[str]) -> str:
        if match["broken"] is not None:
            return ""
        name = match["braced"] or match["plain"]
        if name == "$":
            return "$"
        if name in RUNTIME:
            self.runtime.add(name)
            return match[0]
        value = self.values.get(name, "")
        self.used[name] = value
        return value


def variables(
    *, app: str, namespace: str, project: str, url: str, path: str, revision: str
) -> dict[str, str]:
    """The variables of one source; ``namespace`` is that of the destination."""
    return {
        "ARGOCD_APP_NAME": app,
        "ARGOCD_APP_NAMESPACE": namespace,
        "ARGOCD_APP_PROJECT_NAME": project or "default",
        "ARGOCD_APP_SOURCE_REPO_URL": url,
        "ARGOCD_APP_SOURCE_PATH": path,
        "ARGOCD_APP_SOURCE_TARGET_REVISION": revision,
    }
