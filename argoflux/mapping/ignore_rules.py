"""Tolerated differences: Argo CD's glob rules and Flux's regular expressions, in both directions.

Facts: argo-cd:util/argo/normalizers/diff_normalizer.go (group and kind are globs, name and
namespace are compared, empty means any), fluxcd/pkg:ssa/jsondiff and kustomize:api/types/selector.go
(every part of a target is an anchored regular expression).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from argoflux.model.app import IgnoreRule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ANY = "*"
CORE_VERSION = "v1"
"""``version: v1`` without a group is how a rule for the core group is written in Flux."""

SELECTORS = ("version", "labelSelector", "annotationSelector")
"""Parts of a Flux target that no Argo CD rule can say."""

_GO_SPECIAL = frozenset("\\.+*?()|[]{}^$")
_GLOB_SPECIAL = frozenset("\\*?[]{},!")
_QUANTIFIERS = frozenset("*+?{")

_KINDS_OF_GROUP = {
    "": "Binding ConfigMap Endpoints Event LimitRange Namespace Node PersistentVolume "
    "PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret Service "
    "ServiceAccount",
    "admissionregistration.k8s.io": "MutatingWebhookConfiguration ValidatingAdmissionPolicy "
    "ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration",
    "apiextensions.k8s.io": "CustomResourceDefinition",
    "apiregistration.k8s.io": "APIService",
    "apps": "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
    "autoscaling": "HorizontalPodAutoscaler",
    "batch": "CronJob Job",
    "certificates.k8s.io": "CertificateSigningRequest",
    "coordination.k8s.io": "Lease",
    "discovery.k8s.io": "EndpointSlice",
    "networking.k8s.io": "Ingress IngressClass NetworkPolicy",
    "node.k8s.io": "RuntimeClass",
    "policy": "PodDisruptionBudget",
    "rbac.authorization.k8s.io": "ClusterRole ClusterRoleBinding Role RoleBinding",
    "scheduling.k8s.io": "PriorityClass",
    "storage.k8s.io": "CSIDriver CSINode StorageClass VolumeAttachment",
}
_GROUP_OF_KIND = {kind: group for group, kinds in _KINDS_OF_GROUP.items() for kind in kinds.split()}
"""Groups of the built-in kinds: kubernetes/kubernetes:api/openapi-spec/swagger.json."""


# --- Argo CD to Flux


def quote_regex(text: str) -> str:
    """A regular expression that matches ``text`` and nothing else."""
    return "".join(f"\\{char}" if char in _GO_SPECIAL else char for char in text)


def glob_to_regex(glob: str) -> str:
    """The regular expression for a gobwas glob without separators; Flux anchors it itself."""
    out: list[str] = []
    at = depth = 0
    while at < len(glob):
        char = glob[at]
        at += 1
        if char == "\\" and at < len(glob):
            out.append(quote_regex(glob[at]))
            at += 1
        elif char == "*":
            while at < len(glob) and glob[at] == "*":
                at += 1
            out.append(".*")
        elif char == "?":
            out.append(".")
        elif char == "[" and (end := glob.find("]", at + 1)) > 0:
            inner = glob[at:end]
            negated = inner.startswith(("!", "^"))
            out.append(f"[{'^' if negated else ''}{inner[1:] if negated else inner}]")
            at = end + 1
        elif char == "{":
            out.append("(")
            depth += 1
        elif char == "}" and depth:
            out.append(")")
            depth -= 1
        elif char == "," and depth:
            out.append("|")
        else:
            out.append(quote_regex(char))
    return "".join(out)


def to_flux(rule: IgnoreRule) -> dict[str, str]:
    """The ``target`` of a Flux ignore rule; empty when the rule is for every object.

    The core group has no name in Flux: it is written as ``version: v1``.
    """
    target: dict[str, str] = {}
    if rule.group and rule.group != ANY:
        target["group"] = glob_to_regex(rule.group)
    if not rule.group:
        target["version"] = CORE_VERSION
    if rule.kind and rule.kind != ANY:
        target["kind"] = glob_to_regex(rule.kind)
    for part, value in (("name", rule.name), ("namespace", rule.namespace)):
        if value:
            target[part] = quote_regex(value)
    return {**target, **rule.selectors}


# --- Flux to Argo CD


def regex_to_glob(regex: str) -> str | None:
    """The gobwas glob for an anchored regular expression, None when there is none.

    A dot without a quantifier is read as the dot of a name, which is what authors mean by it.
    """
    text = regex.removeprefix("^")
    if text.endswith("$") and not text.endswith("\\$"):
        text = text[:-1]
    try:
        parts = list(_alternatives(text))
        globs = [_glob_of(part) for part in parts]
    except ValueError:
        return None
    if len(globs) == 1:
        return globs[0]
    return "{" + ",".join(globs) + "}"


def literal(regex: str) -> str | None:
    """The one text that an anchored regular expression matches, None when it matches others too."""
    glob = regex_to_glob(regex)
    if glob is None or set(glob) & _GLOB_SPECIAL:
        return None
    return glob


def _alternatives(text: str) -> Iterator[str]:
    """Split at the ``|`` that stand outside of groups and classes."""
    depth = start = at = 0
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 1
        elif char == "[":
            at = _class_end(text, at)
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
        elif char == "|" and depth == 0:
            yield text[start:at]
            start = at + 1
        at += 1
    if depth:
        raise ValueError(text)
    yield text[start:]


def _class_end(text: str, at: int) -> int:
    end = text.find("]", at + 2)
    if end < 0:
        raise ValueError(text)
    return end


def _group_end(text: str, at: int) -> int:
    depth = 0
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == "[":
            at = _class_end(text, at)
        elif text[at] == "(":
            depth += 1
        elif text[at] == ")":
            depth -= 1
            if depth == 0:
                return at
        at += 1
    raise ValueError(text)


def _glob_of(text: str) -> str:
    """The glob of a sequence; raises ValueError for what globs cannot say."""
    out: list[str] = []
    at = 0
    while at < len(text):
        piece, at = _piece(text, at)
        quantifier = text[at] if at < len(text) and text[at] in _QUANTIFIERS else ""
        if quantifier:
            at += 1
            lazy = at < len(text) and text[at] == "?"
            if lazy or piece != "." or quantifier not in "*+":
                raise ValueError(text)
            piece = "*" if quantifier == "*" else "?*"
        out.append(piece)
    return "".join(out)


def _piece(text: str, at: int) -> tuple[str, int]:
    """One atom of a regular expression as glob text, and where the next one starts."""
    char = text[at]
    if char == "\\":
        if at + 1 >= len(text) or text[at + 1].isalnum():  # \d, \w, \b …
            raise ValueError(text)
        return _quote_glob(text[at + 1]), at + 2
    if char == "(":
        end = _group_end(text, at)
        inner = text[at + 1 : end].removeprefix("?:")
        if inner.startswith("?"):
            raise ValueError(text)
        globs = [_glob_of(part) for part in _alternatives(inner)]
        return (globs[0] if len(globs) == 1 else "{" + ",".join(globs) + "}"), end + 1
    if char == "[":
        end = _class_end(text, at)
        inner = text[at + 1 : end]
        if not re.fullmatch(r"\^?(?:[A-Za-z0-9_.]+|[A-Za-z0-9]-[A-Za-z0-9])", inner):
            raise ValueError(text)
        return f"[{inner.replace('^', '!')}]", end + 1
    if char in "^$)*+?|":
        raise ValueError(text)
    return _quote_glob(char), at + 1


def _quote_glob(char: str) -> str:
    return f"\\{char}" if char in _GLOB_SPECIAL else char


def is_pointer(path: object) -> bool:
    """Whether a path is a JSON pointer to a part of an object."""
    return isinstance(path, str) and path.startswith("/")


def is_glob(text: str) -> bool:
    """Whether a group or kind of an Argo CD rule can match more than one name."""
    return bool(set(text) & _GLOB_SPECIAL)


def group_of(kind: str) -> str | None:
    """The group of built-in kinds that a glob names; None when it names any other kind."""
    names = kind[1:-1].split(",") if kind.startswith("{") and kind.endswith("}") else [kind]
    groups = {_GROUP_OF_KIND.get(name) for name in names}
    return groups.pop() if len(groups) == 1 else None


def from_flux(item: Mapping[str, Any]) -> IgnoreRule:
    """Read one item of ``spec.ignore`` or ``spec.driftDetection.ignore``.

    ``selectors`` keeps what Argo CD cannot say: version and selectors as they stand, and under
    ``name``, ``namespace``, ``group`` or ``kind`` a regular expression that has no glob (or, for
    the first two, matches more than one name). A target without a group is narrowed to the group
    of the built-in kinds that it names.
    """
    found = item.get("target")
    target = {
        key: str(value)
        for key, value in (found.items() if isinstance(found, dict) else ())
        if value is not None and value != "" and not isinstance(value, dict | list)
    }
    selectors = {key: target[key] for key in SELECTORS if key in target}
    kind = _glob_part(target, "kind", selectors)
    if "group" in target:
        group = _glob_part(target, "group", selectors)
    elif selectors.get("version") == CORE_VERSION:
        group = ""
        del selectors["version"]
    else:
        known = group_of(kind)
        group = ANY if known is None else known
    names = {}
    for part in ("name", "namespace"):
        if part not in target:
            continue
        exact = literal(target[part])
        if exact is None:
            selectors[part] = target[part]
        else:
            names[part] = exact
    paths = item.get("paths")
    return IgnoreRule(
        group=group,
        kind=kind,
        name=names.get("name", ""),
        namespace=names.get("namespace", ""),
        pointers=tuple(str(path) for path in paths) if isinstance(paths, list) else (),
        selectors=selectors,
    )


def _glob_part(target: Mapping[str, str], part: str, selectors: dict[str, str]) -> str:
    if part not in target:
        return ANY
    glob = regex_to_glob(target[part])
    if glob is None:
        selectors[part] = target[part]
        return ANY
    return glob
