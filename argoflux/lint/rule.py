"""What a rule is: its code, its scope, its documentation, and the examples that test it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from argoflux.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.finding import Fix, Place
    from argoflux.resource import Resource

Scope = Literal["loading", "resource", "application", "estate", "base"]
"""What the function ``check`` of a rule looks at.

``loading``: nothing; the finding is made while files are read. ``resource``: one object of a kind
of ours. ``application``: one Application as Argo CD sees it, also those that an ApplicationSet
makes. ``estate``: everything, once per run. ``base``: what changed since another revision.
"""

Evidence = Literal["document", "graph", "files", "rendered", "base", "target"]
"""What a rule has to know: one document, other objects, files of the repository, rendered
manifests, an earlier revision, or the release of the controllers."""

_LONG = 300
_QUOTED = re.compile(r"`([^`]{150})[^`]{50,}`")
"""A value in a message that nobody reads to its end; its place is told with it."""


def _shortened(quote: re.Match[str]) -> str:
    return f"`{quote[1]}…`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. ``name`` is its slug, ``severity`` that of its findings in the default profile.

    ``kinds`` are the kinds (or pseudo-kinds) that it speaks about; a rule of scope ``resource`` is
    called for objects of these alone, and for all when there are none. ``only`` names the profiles
    (options.PROFILES) that it belongs to, none for all. A finding is left out where one of ``yields_to`` speaks about
    the same value or a part that holds it, or one of ``silenced_by`` about the same object: the
    cause is told, not what follows from it. ``links`` lead to documentation of the controllers.
    No report shows a line with a finding of a ``confidential`` rule.
    """

    code: str
    name: str
    severity: Severity
    scope: Scope = "resource"
    kinds: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ("document",)
    only: tuple[str, ...] = ()
    yields_to: tuple[str, ...] = ()
    silenced_by: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    confidential: bool = False
    since: str = "0.2"

    def at(
        self,
        place: Place,
        message: str,
        *,
        resource: Resource | None = None,
        severity: Severity | None = None,
        related: tuple[tuple[Place, str], ...] = (),
        fix: Fix | None = None,
    ) -> Finding:
        """A finding of this rule; ``severity`` differs from the rule's where evidence is partial.

        Values of more than 200 characters are quoted in part.
        """
        return Finding(
            code=self.code,
            slug=self.name,
            severity=severity or self.severity,
            message=message if len(message) <= _LONG else _QUOTED.sub(_shortened, message),
            place=place,
            resource=str(resource.ref) if resource is not None else "",
            related=related,
            fix=fix,
            confidential=self.confidential,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Files that a rule finds fault with (in BAD) or does not (in GOOD).

    ``files`` maps paths to texts; ``yaml`` is the short form for one file ``example.yaml``. ``at``
    names the value of the expected finding by its path in the document (``spec.interval``), or a
    line (``line 3``); ``file`` the file where there are several. ``fixed`` is the whole text of
    that file after the rule's fix, which has ``safety``. ``argocd`` and ``flux`` are target releases, ``base`` the files
    of the earlier revision.
    """

    title: str
    yaml: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    at: str = ""
    file: str = ""
    fixed: str = ""
    safety: Literal["safe", "unsafe"] = "safe"
    argocd: str = ""
    flux: str = ""
    base: Mapping[str, str] = field(default_factory=dict)

    def texts(self) -> dict[str, str]:
        """The files of the example."""
        return dict(self.files) or {"example.yaml": self.yaml}
