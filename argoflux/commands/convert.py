"""``convert``: manifests in, manifests of the other system and a report of every loss out."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from argoflux.commands import folder
from argoflux.commands.deploy_path import deploy_path
from argoflux.commands.exit_code import FAILED, exit_code, is_unread
from argoflux.commands.output import wants_colour, write_file
from argoflux.commands.releases import choose_release
from argoflux.errors import InputError, UsageError
from argoflux.report.formats import format_of, renderer

if TYPE_CHECKING:
    from argoflux.commands.invocation import Invocation
    from argoflux.convert.result import Conversion, ResourceOutcome
    from argoflux.mapping.concept import System
    from argoflux.mapping.emission import ConvertOptions
    from argoflux.workspace.read import Workspace

_TITLES = {"flux": "Flux", "argocd": "Argo CD"}
_STUBS = "secrets"
_TODO = "TODO"
_REPORTS = {"report.json": "json", "report.md": "markdown"}


_NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_NO_BRANCH = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|\A[-/.]|[/.]\Z|\.lock\Z")
"""git:refs.c check_refname_format: what a branch cannot be called."""


def run(invocation: Invocation) -> int:
    """Read, convert, write, report; returns the exit code that ``--fail-on`` asks for."""
    _target(invocation)
    _check_names(invocation)
    reports = [(file, format_of(file)) for file in invocation.many("report")]
    workspace = read_input(invocation)
    _explain(invocation, workspace)
    conversion = convert_input(invocation, workspace)
    for file, _ in reports:
        _protect_input(invocation, workspace, file)
    if invocation.text("output-dir"):
        written = _write_folder(invocation, workspace, conversion)
    else:
        written = _write_stream(invocation, conversion)
    for file, name in reports:
        write_file(invocation, file, renderer("conversion", name)(conversion, written.paths))
    _report(invocation, workspace, conversion)
    for remark in written.remarks:
        invocation.say(remark)
    code = exit_code(conversion, invocation.text("fail-on"))
    if code == FAILED and invocation.flag("quiet"):
        _say_failure(invocation, conversion)
    return code


def read_input(invocation: Invocation) -> Workspace:
    """The workspace of the given paths, without what an earlier run wrote to the output folder."""
    from argoflux.workspace.read import read

    workspace = read(
        (*invocation.arguments, *invocation.many("filename")) or (".",),
        stdin=invocation.stdin,
        stdin_name=invocation.text("stdin-filename"),
        cwd=invocation.cwd,
        sources=invocation.many("source"),
    )
    output = invocation.text("output-dir")
    own = folder.own_paths(Path(invocation.cwd, output)) if output else frozenset()
    ours = {name for name, path in workspace.paths.items() if path in own}
    if not ours:
        return workspace
    return replace(
        workspace,
        resources=tuple(r for r in workspace.resources if r.file not in ours),
        findings=tuple(f for f in workspace.findings if f.place.source.name not in ours),
        paths={name: path for name, path in workspace.paths.items() if name not in ours},
    )


def convert_input(invocation: Invocation, workspace: Workspace) -> Conversion:
    """Run the conversion with the settings of the run."""
    from argoflux.convert.convert import convert
    from argoflux.convert.request import request_for

    to = _target(invocation)
    argocd = choose_release("argocd", invocation, workspace.releases.argocd)
    flux = choose_release("flux", invocation, workspace.releases.flux)
    options = _options(invocation)
    request = request_for(workspace, to, options, argocd=argocd.release, flux=flux.release)
    conversion = convert(workspace.resources, request)
    return replace(
        conversion,
        inputs=workspace.inputs,
        outcomes=_with_partial(conversion, workspace),
        findings=(*workspace.findings, *conversion.findings),
        options=_shown_options(invocation, argocd.release, flux.release),
        facts=(argocd.reason, flux.reason, *_left_out(workspace), *conversion.facts),
    )


def _with_partial(conversion: Conversion, workspace: Workspace) -> tuple[ResourceOutcome, ...]:
    """The outcomes with the documents that are no object by themselves; those have no entries."""
    from argoflux.convert.convert import system_of
    from argoflux.convert.result import ResourceOutcome

    partial = [
        ResourceOutcome(
            resource=resource,
            outcome="kept" if system_of(resource) == conversion.to else "skipped",
            reason=reason,
        )
        for resources, reason in (
            (workspace.patches, "a kustomize patch: it changes objects of other files"),
            (workspace.templated, "in a chart's templates: it exists only when rendered"),
            (workspace.broken, "AF004: it has no usable type or name"),
        )
        for resource in resources
    ]
    if not partial:
        return conversion.outcomes
    return tuple(
        sorted((*conversion.outcomes, *partial), key=lambda o: o.resource.place().sort_key())
    )


def _target(invocation: Invocation) -> System:
    to = invocation.text("to")
    if not to:
        raise UsageError(
            "convert to which system? --to is missing", hint="say --to flux or --to argocd"
        )
    return cast("System", to)


def _check_names(invocation: Invocation) -> None:
    """Names from the command line go into the output as they are; raises UsageError."""
    namespace, branch = invocation.text("control-namespace"), invocation.text("default-branch")
    if namespace and not _NAMESPACE.fullmatch(namespace):
        raise UsageError(
            f"--control-namespace: `{namespace if namespace.isprintable() else ascii(namespace)}` is not the name of a namespace",
            hint="say at most 63 lower-case letters, digits and hyphens",
        )
    if _NO_BRANCH.search(branch):
        raise UsageError(
            f"--default-branch: `{branch if branch.isprintable() else ascii(branch)}` is not the name of a branch",
            hint="say what `git branch` lists, e.g. --default-branch master",
        )


def _options(invocation: Invocation) -> ConvertOptions:
    from argoflux.mapping.emission import ConvertOptions

    return ConvertOptions(
        control_namespace=invocation.text("control-namespace"),
        default_branch=invocation.text("default-branch"),
        branch_stated=invocation.stated("default-branch"),
        layout=invocation.text("layout"),
        manual_sync=invocation.text("manual-sync"),
        appset=invocation.text("appset"),
        substitution=invocation.text("substitution"),
        to_folder=bool(invocation.text("output-dir")),
        deploy_path=deploy_path(invocation),
        include_secrets=invocation.flag("include-secrets"),
        oci_sources=invocation.settings.oci_sources,
    )


def _shown_options(invocation: Invocation, argocd: str, flux: str) -> dict[str, str]:
    """The choices that shape the output, for the report."""
    names = (
        "control-namespace",
        "default-branch",
        "deploy-path",
        "layout",
        "manual-sync",
        "appset",
        "substitution",
        "fail-on",
    )
    shown = {name: invocation.text(name) for name in names if invocation.text(name)}
    if invocation.flag("include-secrets"):
        shown["include-secrets"] = "true"
    return {**shown, "argocd-version": argocd, "flux-version": flux}


def _left_out(workspace: Workspace) -> tuple[str, ...]:
    """What was seen and is no object by itself."""
    counts = (
        (len(workspace.patches), "kustomize patches", "they change objects of other files"),
        (len(workspace.templated), "objects in Helm templates", "they exist only when rendered"),
        (len(workspace.templates), "template files", "they are no YAML before they are rendered"),
    )
    return tuple(f"{count} {what} not converted: {why}" for count, what, why in counts if count)


class _Written(NamedTuple):
    """The paths inside the output folder, and what there is to say about writing."""

    paths: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def _write_folder(invocation: Invocation, workspace: Workspace, conversion: Conversion) -> _Written:
    """Write the output tree with its reports."""
    from argoflux.report.manifests import render_tree

    shown = invocation.text("output-dir")
    tree = {folder.safe_path(path): text for path, text in render_tree(conversion).items()}
    paths = tuple(sorted({*tree, *_REPORTS}))
    for name, format_name in _REPORTS.items():
        tree[name] = renderer("conversion", format_name)(conversion, paths)
    target = str(Path(invocation.cwd, shown))
    inputs = [path for path in workspace.paths.values() if path]
    changes = folder.compare(
        target, tree, shown=shown, force=invocation.flag("force"), inputs=inputs
    )
    folder.write(changes, tree)
    remarks = [
        f"{shown}/{path} was written by an earlier run and is no longer made"
        for path in changes.stale
    ]
    counts = (
        f"{len(changes.new)} new, {len(changes.changed)} changed, {len(changes.same)} unchanged"
    )
    return _Written(paths, (*remarks, f"{shown}: {counts} files"))


def _write_stream(invocation: Invocation, conversion: Conversion) -> _Written:
    """Print the documents; stubs with placeholder values could overwrite a Secret in use."""
    from argoflux.report.manifests import stream_pieces

    shown, stubs = [], 0
    for document in conversion.documents:
        whole = invocation.flag("include-secrets") and not _has_placeholders(document.body)
        if _STUBS in document.path.split("/")[:-1] and not whole:
            stubs += 1
        else:
            shown.append(document)
    for piece in stream_pieces(shown):
        invocation.stdout.write(piece)
    invocation.stdout.flush()
    if not stubs:
        return _Written()
    what = "1 Secret stub is" if stubs == 1 else f"{stubs} Secret stubs are"
    return _Written(remarks=(f"{what} not printed: -d writes them to {_STUBS}/",))


def _has_placeholders(value: object) -> bool:
    """Whether a value that only a person knows is still to be filled in."""
    if isinstance(value, dict):
        return any(map(_has_placeholders, value.values()))
    return isinstance(value, str) and _TODO in value


def _report(invocation: Invocation, workspace: Workspace, conversion: Conversion) -> None:
    """The report for the person, on stderr."""
    if invocation.flag("quiet"):
        return
    from argoflux.report.conversion_text import finding_lines, report_lines
    from argoflux.report.paint import paint

    colour = wants_colour(invocation.text("color"), invocation.env, invocation.stderr)
    if not any(outcome.outcome != "kept" for outcome in conversion.outcomes):
        invocation.stderr.write(paint(finding_lines(conversion), colour=colour))
        invocation.say(_nothing(workspace, conversion))
        return
    lines = report_lines(conversion, complete=invocation.flag("verbose"))
    invocation.stderr.write(paint(lines, colour=colour))


def _say_failure(invocation: Invocation, conversion: Conversion) -> None:
    """Why nothing was converted, which ``--quiet`` does not hide."""
    from argoflux.finding import Severity
    from argoflux.report.conversion_text import finding_lines
    from argoflux.report.paint import paint

    wrong = [f for f in conversion.findings if f.severity is Severity.ERROR or is_unread(f)]
    colour = wants_colour(invocation.text("color"), invocation.env, invocation.stderr)
    lines = finding_lines(replace(conversion, findings=tuple(wrong)))
    invocation.stderr.write(paint(lines, colour=colour))
    invocation.stderr.write("error: nothing could be converted\n")
    if not wrong:
        invocation.stderr.write("hint: run again without --quiet for the reasons\n")


def _nothing(workspace: Workspace, conversion: Conversion) -> str:
    """One line for an input in which there is nothing to convert."""
    if not conversion.outcomes:
        where = ", ".join(workspace.inputs) or "standard input"
        return f"no objects of Argo CD or Flux in {where}"
    count = len(conversion.outcomes)
    objects = "the only object belongs" if count == 1 else f"all {count} objects belong"
    return f"nothing to convert: {objects} to {_TITLES[conversion.to]} already"


def _explain(invocation: Invocation, workspace: Workspace) -> None:
    """What was read, for ``--verbose``."""
    invocation.explain(f"config file: {invocation.config or 'none'}")
    invocation.explain(
        f"{workspace.seen} files looked at, {len(workspace.resources)} objects of Argo CD and Flux"
    )
    for root in workspace.roots:
        if root.directory:
            invocation.explain(f"root {root.name}: {workspace.tree.display(root.directory)}")


def _protect_input(invocation: Invocation, workspace: Workspace, file: str) -> None:
    real = Path(invocation.cwd, file).resolve()
    if any(path and Path(path).resolve() == real for path in workspace.paths.values()):
        raise InputError(
            f"the report `{file}` would replace an input", hint="give --report another name"
        )
