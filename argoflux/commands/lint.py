"""``lint``: mistakes in manifests, each with its place, its reason and, where possible, its fix."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from argoflux.commands.output import emit
from argoflux.commands.releases import choose_release
from argoflux.finding import Severity
from argoflux.lint.select import select

if TYPE_CHECKING:
    from argoflux.commands.invocation import Invocation
    from argoflux.lint.context import Context
    from argoflux.lint.result import Lint
    from argoflux.workspace.read import Workspace

FINE, FINDINGS = 0, 1
_RANK = {Severity.ERROR: 3, Severity.WARNING: 2, Severity.INFO: 1}
_LIMITS = {"error": 3, "warning": 2, "info": 1, "never": 4}


def run(invocation: Invocation) -> int:
    """Read, judge, report; returns the exit code that ``--fail-on`` asks for."""
    selection = select(
        invocation.text("profile"), invocation.many("select"), invocation.many("ignore")
    )
    workspace = read_input(invocation)
    if not workspace.resources and not workspace.findings:
        where = ", ".join(workspace.inputs) or "standard input"
        invocation.say(f"no objects of Argo CD or Flux in {where}")
        result = _nothing(workspace)
    else:
        from argoflux.lint.engine import lint

        context, facts = context_of(invocation, workspace)
        result = lint(context, selection, invocation.settings)
        result = replace(
            result,
            inputs=workspace.inputs,
            seen=workspace.seen,
            objects=len(workspace.resources),
            facts=facts,
        )
    shown = above(result, invocation.text("min-severity"))
    emit(invocation, "lint", shown)
    limit = _LIMITS[invocation.text("fail-on")]
    return FINDINGS if any(_RANK[f.severity] >= limit for f in result.findings) else FINE


def read_input(invocation: Invocation) -> Workspace:
    """The workspace of the given paths."""
    from argoflux.workspace.read import read

    return read(
        (*invocation.arguments, *invocation.many("filename")) or (".",),
        stdin=invocation.stdin,
        stdin_name=invocation.text("stdin-filename"),
        cwd=invocation.cwd,
        sources=[f"{url}={path}" for url, path in invocation.settings.sources.items()],
    )


def context_of(invocation: Invocation, workspace: Workspace) -> tuple[Context, tuple[str, ...]]:
    """What rules may ask about, and the sentences that say which releases are meant."""
    from argoflux.lint.context import Context
    from argoflux.lint.engine import overriding

    argocd = choose_release("argocd", invocation, workspace.releases.argocd)
    flux = choose_release("flux", invocation, workspace.releases.flux)
    context = Context(
        workspace=workspace,
        argocd=argocd.release,
        flux=flux.release,
        overriding=overriding(invocation.settings),
        today=date.today().isoformat(),  # noqa: DTZ011 - suppressions end with the local day
    )
    return context, (argocd.reason, flux.reason)


def above(result: Lint, least: str) -> Lint:
    """The result without findings that weigh less than asked for; they are counted."""
    limit = _LIMITS[least]
    kept = tuple(f for f in result.findings if _RANK[f.severity] >= limit)
    return replace(result, findings=kept, below=len(result.findings) - len(kept))


def _nothing(workspace: Workspace) -> Lint:
    from argoflux.lint.result import Lint

    return Lint(findings=(), inputs=workspace.inputs, seen=workspace.seen)
