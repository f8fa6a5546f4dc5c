"""Run the rules over what was read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from argoflux.finding import Place, Severity
from argoflux.lint.registry import load_rule, rule_of
from argoflux.lint.result import Lint
from argoflux.lint.suppress import apply, configured, suppressions
from argoflux.text import SourceFile
from argoflux.workspace.ignore import Patterns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from argoflux.config import Settings
    from argoflux.finding import Finding
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.lint.rule import Rule
    from argoflux.lint.select import Selection
    from argoflux.resource import Resource
    from argoflux.text import Path
    from argoflux.workspace.read import Workspace

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def lint(context: Context, selection: Selection, settings: Settings | None = None) -> Lint:
    """Every finding of the selected rules that nobody accepted."""
    context.profile = selection.profile
    loaded = [load_rule(code) for code in sorted(selection.codes)]
    modules = [module for module in loaded if selection.takes(module.RULE)]
    ran = frozenset(module.RULE.code for module in modules)
    found = [f for f in context.workspace.findings if f.code in ran]
    found += _findings(context, modules)
    found = [replace(f, severity=selection.severity(f)) for f in found]
    found = _without_consequences(_once(found), {m.RULE.code: m.RULE for m in modules})
    statements = suppressions(sources_of(context.workspace, found), context.workspace.resources)
    directory = settings.directory if settings else ""
    entries, expired = configured(settings.ignore if settings else (), context.today)
    kept, count = apply(found, (*statements, *entries), directory=directory, ran=ran)
    told = [f for f in (*kept, *expired) if f.code in ran]
    return Lint(
        findings=tuple(sorted(told, key=_order)),
        suppressed=count,
        rules=tuple(sorted(ran)),
    )


def _order(finding: Finding) -> tuple[Any, ...]:
    return (*finding.place.sort_key(), finding.code, finding.message)


def _findings(context: Context, modules: Sequence[Any]) -> Iterator[Finding]:
    by_kind: dict[str, list[Any]] = defaultdict(list)
    everywhere: list[Any] = []
    for module in modules:
        rule: Rule = module.RULE
        if rule.scope == "resource":
            for kind in rule.kinds:
                by_kind[kind].append(module)
            if not rule.kinds:
                everywhere.append(module)
    per_application = [m for m in modules if m.RULE.scope == "application"]
    for resource in context.resources:
        kind = resource.pseudo or resource.ref.kind
        for module in (*everywhere, *by_kind.get(kind, ())):
            yield from _guarded(module, resource, resource, context)
        if per_application:
            for view in context.applications(resource):
                for module in per_application:
                    yield from _of_view(module, view, context)
    for module in modules:
        scope = module.RULE.scope
        if scope == "estate" or (scope == "base" and context.before is not None):
            yield from _guarded(module, context, None)


def _of_view(module: Any, view: ApplicationView, context: Context) -> Iterator[Finding]:
    """Findings about an Application; for one that a set makes, the generator is named too."""
    for finding in _guarded(module, view, view.resource, context):
        if view.generator is None:
            yield finding
            continue
        place = view.resource.place(*view.generator)
        note = f"this generator makes {view.name}" if view.name else "this generator makes it"
        yield replace(finding, related=(*finding.related, (place, note)))


def _guarded(module: Any, subject: Any, resource: Resource | None, *more: Any) -> Iterator[Finding]:
    """The findings of one rule about one subject; a rule that fails is a finding itself."""
    try:
        yield from module.check(subject, *more)
    except Exception as error:  # noqa: BLE001 - a rule that fails must not end the run
        rule: Rule = module.RULE
        if resource is None:  # about everything: the first object that was read stands for it
            resource = next(iter((*subject.resources, *subject.workspace.marked)), None)
        where = f"{type(error).__name__} in rule {rule.code}"
        message = f"{rule.name} could not finish here ({where}); the other rules did"
        place = resource.place() if resource is not None else Place(source=SourceFile(".", ""))
        yield rule_of("AF901").at(place, message, resource=resource)


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """One finding per place and sentence; the children of a set share the lines of its template."""
    seen: dict[tuple[Any, ...], Finding] = {}
    for finding in findings:
        place = finding.place
        key = (finding.code, place.source.name, *place.span(), finding.message)
        known = seen.get(key)
        if known is None or _RANK[finding.severity] < _RANK[known.severity]:
            seen[key] = finding
    return list(seen.values())


def _without_consequences(findings: list[Finding], rules: dict[str, Rule]) -> list[Finding]:
    """Leave out what follows from another finding: its cause is told."""
    spoken: dict[tuple[str, int], list[tuple[str, Path]]] = defaultdict(list)
    objects: set[tuple[str, str, str]] = set()
    for finding in findings:
        spoken[_document(finding)].append((finding.code, finding.place.path))
        objects.add((finding.code, finding.place.source.name, finding.resource))

    def follows(finding: Finding) -> bool:
        rule = rules.get(finding.code)
        if rule is None:
            return False
        path = finding.place.path
        if any(
            code in rule.yields_to and path[: len(other)] == other
            for code, other in spoken[_document(finding)]
        ):
            return True
        where = (finding.place.source.name, finding.resource)
        return bool(finding.resource) and any((c, *where) in objects for c in rule.silenced_by)

    return [finding for finding in findings if not follows(finding)]


def _document(finding: Finding) -> tuple[str, int]:
    document = finding.place.document
    return (finding.place.source.name, getattr(document, "start", -1))


def sources_of(workspace: Workspace, findings: Iterable[Finding]) -> list[SourceFile]:
    """Every file text that can hold a statement about findings."""
    everything = (
        *workspace.resources,
        *workspace.patches,
        *workspace.templated,
        *workspace.broken,
    )
    found = {r.file: r.document.source for r in everything}
    for finding in findings:
        found.setdefault(finding.place.source.name, finding.place.source)
    return list(found.values())


def overriding(settings: Settings) -> Callable[[str, str], str]:
    """The releases that the config file states for single files."""
    targets = [(Patterns(target.path), target) for target in settings.targets]

    def answer(file: str, system: str) -> str:
        base = settings.directory
        name = file.removeprefix(f"{base}/") if base not in {"", "."} else file
        stated = ""
        for patterns, target in targets:
            if patterns.ignores(name):
                stated = getattr(target, system) or stated
        return stated

    return answer
