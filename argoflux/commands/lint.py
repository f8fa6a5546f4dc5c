"""``lint``: mistakes in manifests, each with its place, its reason and, where possible, its fix."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from argoflux.commands.output import emit, write_file
from argoflux.errors import InputError, UsageError
from argoflux.finding import Severity
from argoflux.lint.result import Lint
from argoflux.report.formats import renderer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.commands.invocation import Invocation
    from argoflux.lint.context import Context
    from argoflux.lint.select import Selection
    from argoflux.workspace.read import Workspace

FINE, FINDINGS = 0, 1
_RANK = {Severity.ERROR: 3, Severity.WARNING: 2, Severity.INFO: 1}
_LIMITS = {"error": 3, "warning": 2, "info": 1, "never": 4}
_READ_FROM_BASE = (".yaml", ".yml", ".json", ".gitignore", ".argofluxignore", "Kustomization")
"""Ends of names of files that can matter for a comparison; charts are known by Chart.yaml."""


def run(invocation: Invocation) -> int:
    """Read, judge, report; returns the exit code that ``--fail-on`` asks for."""
    if invocation.many("select") or invocation.many("ignore"):
        selection_of(invocation)  # what names no rule is told before anything is read
    if invocation.flag("write-baseline") and not invocation.text("baseline"):
        raise UsageError(
            "--write-baseline does not say where", hint="add --baseline FILE to name the file"
        )
    if _fix_wanted(invocation):
        return _fix(invocation)
    workspace = read_input(invocation, paths_of(invocation), invocation.cwd)
    result = _judge(invocation, workspace)
    result = _against_baseline(invocation, result)
    _report(invocation, above(result, invocation.text("min-severity")))
    return _code(invocation, result)


def _fix_wanted(invocation: Invocation) -> bool:
    """Whether fixes are asked for. Raises UsageError for the flag ``--unsafe-fixes`` alone."""
    asked = invocation.flag("fix") or invocation.flag("diff")
    said = invocation.origins.get("unsafe-fixes", "").startswith("flag ")
    if invocation.flag("unsafe-fixes") and said and not asked:
        raise UsageError(
            "--unsafe-fixes does not say what to do with them",
            hint="add --fix to write them, or --diff to see them",
        )
    return asked


def _code(invocation: Invocation, result: Lint) -> int:
    limit = _LIMITS[invocation.text("fail-on")]
    return FINDINGS if any(_RANK[f.severity] >= limit for f in result.findings) else FINE


def _fix(invocation: Invocation) -> int:
    """Repair; with ``--diff`` and for stdin the text is what goes to stdout.

    The exit code of ``--diff``, which writes nothing, is about the files as they are.
    """
    from argoflux.commands import lint_fix

    paths = paths_of(invocation)
    data = lint_fix.stdin_bytes(invocation, paths)

    def look(texts: Mapping[str, bytes], stdin: bytes | None) -> tuple[Workspace, Lint]:
        stream = lint_fix.as_stream(data if stdin is None else stdin)
        run_again = replace(invocation, stdin=stream) if stream else invocation
        workspace = read_input(run_again, paths, invocation.cwd, texts)
        result = _judge(invocation, workspace)
        if not invocation.flag("write-baseline"):
            result = _against_baseline(invocation, result)
        return workspace, result

    done = lint_fix.repair(invocation, look)
    reporting = invocation
    if invocation.flag("diff"):
        invocation.stdout.write(lint_fix.diff_text(done))
        fixed, files = done.last.fixed, len(done.files)
        invocation.say(
            f"{fixed} finding{'s' * (fixed != 1)} can be fixed in {files} file{'s' * (files != 1)}"
        )
        return _code(invocation, done.first)
    if data is not None:
        lint_fix.print_stdin(invocation, data, done)
        reporting = replace(invocation, stdout=invocation.stderr)
    lint_fix.write(invocation, done)
    result = done.last
    if invocation.flag("write-baseline"):
        result = _against_baseline(invocation, result)
    _report(reporting, above(result, invocation.text("min-severity")))
    return _code(invocation, result)


def selection_of(invocation: Invocation) -> Selection:
    """The rules that run; raises UsageError for what names none."""
    from argoflux.lint.select import select

    return select(invocation.text("profile"), invocation.many("select"), invocation.many("ignore"))


def paths_of(invocation: Invocation) -> tuple[str, ...]:
    """The paths that were given, by position or by ``-f``."""
    return (*invocation.arguments, *invocation.many("filename")) or (".",)


def read_input(
    invocation: Invocation,
    paths: tuple[str, ...],
    cwd: str,
    texts: Mapping[str, bytes] | None = None,
) -> Workspace:
    """The workspace of some paths; ``texts`` count instead of what is on disk."""
    from argoflux.workspace.read import read

    stated = [f"{url}={path}" for url, path in invocation.settings.sources.items()]
    return read(
        paths,
        stdin=invocation.stdin,
        stdin_name=invocation.text("stdin-filename"),
        cwd=cwd,
        sources=[one for one in stated if _is_there(cwd, one)],
        texts=texts,
    )


def _is_there(cwd: str, source: str) -> bool:
    """Whether a local copy exists; for an earlier revision, those outside of it do not."""
    return Path(cwd, source.rpartition("=")[2]).is_dir()


def _judge(invocation: Invocation, workspace: Workspace) -> Lint:
    revision = invocation.text("base")
    if not (workspace.resources or workspace.marked or workspace.findings or revision):
        where = ", ".join(workspace.inputs) or "standard input"
        invocation.say(f"no objects of Argo CD or Flux in {where}")
        return Lint(findings=(), inputs=workspace.inputs, seen=workspace.seen)
    from argoflux.lint.baseline import compared
    from argoflux.lint.engine import lint

    selection = selection_of(invocation)
    context, facts = context_of(invocation, workspace)
    with ExitStack() as stack:
        if revision:
            from tempfile import TemporaryDirectory

            folder = stack.enter_context(TemporaryDirectory(prefix="argoflux-"))
            context.before, _ = context_of(invocation, _earlier(invocation, revision, folder))
        result = replace(
            lint(context, selection, invocation.settings),
            inputs=workspace.inputs,
            seen=workspace.seen,
            objects=len(workspace.resources),
            facts=facts,
        )
        if context.before is None:
            return result
        return compared(result, lint(context.before, selection, invocation.settings))


def _earlier(invocation: Invocation, revision: str, folder: str) -> Workspace:
    """The workspace of the same paths at another revision; what was not there yet is left out."""
    from argoflux.workspace.repo import copy_revision

    paths = [str(Path(invocation.cwd, path)) for path in paths_of(invocation)]
    copy = copy_revision(revision, paths, invocation.cwd, folder, _READ_FROM_BASE)
    return read_input(invocation, copy.paths, copy.cwd)


def context_of(invocation: Invocation, workspace: Workspace) -> tuple[Context, tuple[str, ...]]:
    """What rules may ask about, and the sentences that say which releases are meant."""
    from argoflux.commands.releases import choose_release
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


def _against_baseline(invocation: Invocation, result: Lint) -> Lint:
    """Write the baseline, or leave out what it knows."""
    file = invocation.text("baseline")
    if not file:
        return result
    from argoflux.lint.baseline import baseline_text, read_baseline, without_known

    if invocation.flag("write-baseline"):
        text = baseline_text(result.findings)
        write_file(invocation, file, text)
        invocation.say(f"{file}: {len(result.findings)} findings are known from now on")
        return without_known(result, read_baseline(text, file))
    try:
        text = Path(invocation.cwd, file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"the baseline `{file}` cannot be read",
            hint="write it with --baseline FILE --write-baseline",
        ) from error
    return without_known(result, read_baseline(text, file))


def above(result: Lint, least: str) -> Lint:
    """The result without findings that weigh less than asked for; they are counted."""
    limit = _LIMITS[least]
    kept = tuple(f for f in result.findings if _RANK[f.severity] >= limit)
    return replace(result, findings=kept, below=len(result.findings) - len(kept))


def _report(invocation: Invocation, result: Lint) -> None:
    """Print the report; in a job of GitHub Actions the lines of the change are marked as well."""
    emit(invocation, "lint", result)
    stated = invocation.origins.get("output", "default") != "default"
    if invocation.env.get("GITHUB_ACTIONS") == "true" and not stated:
        invocation.stdout.write(renderer("lint", "github")(result))
