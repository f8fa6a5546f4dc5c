"""What Argo CD's own validation of an AppProject refuses, apart from sync windows.

Facts: argo-cd:pkg/apis/application/v1alpha1/app_project_types.go (ValidateProject), types.go
(validatePolicy, validateRoleName, validateGroupName), argo-cd:util/rbac/rbac.go (ProjectScoped).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.argocd.shapes import block, items, text
from argoflux.goports.globs import GlobError, read_gobwas
from argoflux.workspace.classify import has_placeholder

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from argoflux.text import Path

RESOURCES = (
    "applications",
    "applicationsets",
    "logs",
    "exec",
    "clusters",
    "repositories",
)
"""What policies of a project can be about."""
ACTIONS = ("get", "create", "update", "delete", "sync", "override", "*")
"""What policies of a project can allow, beside ``action/…``, ``update/…`` and ``delete/…``."""

_PARTIAL = ("action/", "update/", "delete/")
_NAMED_BY_URL = frozenset({"clusters", "repositories"})
_FIELDS = 6
_ROLE = re.compile(r"[a-zA-Z0-9]([-_a-zA-Z0-9]*[a-zA-Z0-9])?")
_OBJECT = re.compile(r"(/[*\w.-]+){1,2}", re.ASCII)
_CONTROL = re.compile(r"[\n\r\t]")
_NO_ACCOUNT = frozenset("!*[]{}\\/")


class Problem(NamedTuple):
    """What is wrong with a value, and whether Argo CD works with it all the same (``mild``)."""

    path: Path
    text: str
    mild: bool = False


def problems(body: dict[str, Any], name: str) -> Iterator[Problem]:
    """What is wrong with the parts of a project; values that are filled in later are left out."""
    spec = block(body, "spec")
    yield from _destinations(spec)
    yield from _lists(spec)
    yield from _roles(spec, name)
    yield from _accounts(spec)


def _known(value: Any) -> bool:
    return isinstance(value, str) and not has_placeholder(value)


def _entries(node: Any, key: str, at: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for number, entry in enumerate(items(node, key)):
        if isinstance(entry, dict):
            yield (*at, key, number), entry


def _repeated(entries: Iterable[tuple[Path, Hashable]]) -> Iterator[Path]:
    seen: set[Hashable] = set()
    for path, key in entries:
        if key in seen:
            yield path
        seen.add(key)


def _destinations(spec: dict[str, Any]) -> Iterator[Problem]:
    keys: list[tuple[Path, Hashable]] = []
    for path, entry in _entries(spec, "destinations", ("spec",)):
        parts = {key: text(entry.get(key)) for key in ("server", "name", "namespace")}
        for key, value in parts.items():
            if value == "!*":
                yield Problem((*path, key), f"`!*` is no {key} that Argo CD accepts; remove it")
        if all(map(_known, parts.values())):
            keys.append((path, (parts["server"] or parts["name"], parts["namespace"])))
    for path in _repeated(keys):
        told = (
            "the destination is listed twice, so Argo CD's API refuses every change of the project"
        )
        yield Problem(path, f"{told}; remove one of the two", mild=True)


def _lists(spec: dict[str, Any]) -> Iterator[Problem]:
    for key in ("sourceRepos", "sourceNamespaces"):
        found: list[tuple[Path, Hashable]] = [
            (("spec", key, n), each) for n, each in enumerate(items(spec, key)) if _known(each)
        ]
        for path, entry in found:
            if key == "sourceRepos" and entry == "!*":
                yield Problem(path, "`!*` is no repository that Argo CD accepts; remove it")
        for path in _repeated(found):
            told = f"the entry of `{key}` is listed twice, so Argo CD's API refuses every change"
            yield Problem(path, f"{told} of the project; remove one of the two", mild=True)


def _roles(spec: dict[str, Any], project: str) -> Iterator[Problem]:
    names: list[tuple[Path, Hashable]] = []
    for path, role in _entries(spec, "roles", ("spec",)):
        name = role.get("name")
        if not _known(name):
            continue
        names.append(((*path, "name"), name))
        if not _ROLE.fullmatch(str(name)):
            told = (
                "a role name has letters, digits, `-` and `_`, and begins and ends with one of the"
            )
            yield Problem((*path, "name"), f"{told} first two; rename `{name}`")
        for key, check in (("policies", _policy), ("groups", _group)):
            found = [
                ((*path, key, number), each)
                for number, each in enumerate(items(role, key))
                if _known(each)
            ]
            for at, each in found:
                trouble = check(each, project, str(name))
                if trouble:
                    yield Problem(at, trouble)
            for at in _repeated(found):
                told = f"the entry of `{key}` is listed twice in the role, so Argo CD's API refuses"
                yield Problem(at, f"{told} every change of the project; remove one", mild=True)
    for path in _repeated(names):
        yield Problem(path, "another role has the same name; merge the two, or rename one")


def _policy(line: str, project: str, role: str) -> str:
    """What is wrong with a policy, empty where nothing is."""
    fields = [field.strip(" ") for field in line.split(",")]
    if len(fields) != _FIELDS or fields[0] != "p":
        count = f"this one has {len(fields)} fields" if fields[0] == "p" else "this is no `p` line"
        return f"a policy reads `p, subject, resource, action, object, effect`; {count}"
    _, subject, resource, action, target, effect = fields
    wanted = f"proj:{project}:{role}"
    if _known(project) and subject != wanted:
        return f"the subject of a policy of this role is `{wanted}`, not `{subject}`"
    if resource not in RESOURCES:
        return f"a policy of a project is about {', '.join(RESOURCES)}, not about `{resource}`"
    if action not in ACTIONS and not any(part in action for part in _PARTIAL):
        return f"`{action}` is no action; use {', '.join(ACTIONS)}, or `action/…`"
    if _known(project) and resource not in _NAMED_BY_URL:
        rest = target.removeprefix(project)
        if rest == target or not _OBJECT.fullmatch(rest):
            return f"the object of a policy is `{project}/` and a pattern of names, not `{target}`"
    if effect not in {"allow", "deny"}:
        return f"the effect of a policy is `allow` or `deny`, not `{effect}`"
    return ""


def _group(name: str, _project: str, _role: str) -> str:
    """What is wrong with a group, empty where nothing is."""
    if not name.strip():
        return "a group has a name; remove the empty entry"
    if name != name.strip():
        return "a group neither begins nor ends with a blank; remove it"
    if _CONTROL.search(name):
        return "a group has no tabs and line breaks; remove them"
    quoted = len(name) > 1 and name[0] == name[-1] == '"'
    if "," in name and not quoted:
        return "a group with a comma stands in double quotes, inside of those of YAML"
    return ""


def _accounts(spec: dict[str, Any]) -> Iterator[Problem]:
    keys: list[tuple[Path, Hashable]] = []
    for path, entry in _entries(spec, "destinationServiceAccounts", ("spec",)):
        parts = {
            key: text(entry.get(key)) for key in ("server", "namespace", "defaultServiceAccount")
        }
        if not all(map(_known, parts.values())):
            continue
        account = parts["defaultServiceAccount"]
        if not account.strip():
            yield Problem(path, "the entry names no `defaultServiceAccount`; add it")
        elif _NO_ACCOUNT & set(account):
            told = f"`{account}` is no service account: it is the name of one, no pattern"
            yield Problem((*path, "defaultServiceAccount"), told)
        for key in ("server", "namespace"):
            if "!" in parts[key]:
                told = f"`!` has no place in `{key}` of a service account; list what is meant"
                yield Problem((*path, key), told)
            elif not _is_glob(parts[key]):
                yield Problem((*path, key), f"`{parts[key]}` is no pattern; correct it")
        keys.append((path, (parts["server"], parts["namespace"])))
    for path in _repeated(keys):
        told = "another entry is for the same server and namespace, and the first one counts"
        yield Problem(path, f"{told}; remove one of the two")


def _is_glob(pattern: str) -> bool:
    try:
        read_gobwas(pattern)
    except GlobError:
        return False
    return True
