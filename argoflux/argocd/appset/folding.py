"""Whether one template with inputs can stand for all Applications of a set."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.argocd.appset.clusters import LOCAL_NAME
from argoflux.argocd.appset.folders import folders_of
from argoflux.argocd.shapes import block, items

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TAG = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_WORD = re.compile(r"[A-Za-z0-9_./-]+")
_KINDS = {"list", "clusters", "git"}
_LEAST = 2
_SLIM_LACKS = frozenset(
    {
        *("abbrev", "abbrevboth", "add1f", "addf", "bcrypt", "buildCustomCert", "camelcase"),
        *("decryptAES", "deepCopy", "derivePassword", "divf", "encryptAES", "fromYamlArray"),
        *("genCA", "genCAWithKey", "genPrivateKey", "genSelfSignedCert", "genSignedCert"),
        *("genSelfSignedCertWithKey", "genSignedCertWithKey", "htpasswd", "initials", "kebabcase"),
        *("merge", "mergeOverwrite", "mulf", "mustDeepCopy", "mustMerge", "mustMergeOverwrite"),
        *("mustPush", "normalize", "nospace", "push", "randAlpha", "randAlphaNum", "randAscii"),
        *("randBytes", "randNumeric", "semver", "semverCompare", "sha512sum", "shuffle"),
        *("snakecase", "subf", "swapcase", "untitle", "uuidv4", "wrap", "wrapWith"),
    }
)
"""Functions of Argo CD's templates that those of a ResourceSet lack.

Sprig and argo-cd:applicationset/utils/utils.go against go-task/slim-sprig:functions.go.
"""

_UNAVAILABLE = frozenset({"target_branch", "target_branch_slug", "labels"})
"""Of a pull request: flux-operator:internal/gitprovider gives id, sha, branch, author and title."""

_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|`[^`]*`")
_FUNCTION = re.compile(r"(?<![.$\w])[A-Za-z]\w*")


class Folding(NamedTuple):
    """The generator that makes all Applications, or what stands against one template for them.

    A git generator takes every folder directly below ``folder``, but for those ``excluded``.
    """

    kind: str = ""
    obstacle: str = ""
    folder: str = ""
    excluded: tuple[str, ...] = ()


def folding(spec: Mapping[str, Any], params: Sequence[Mapping[str, Any]]) -> Folding:
    """What the generators of a spec allow, given the parameters of each Application."""
    generators = items(spec, "generators")
    kinds = [
        key for item in generators if isinstance(item, dict) for key in item if key != "selector"
    ]
    if len(kinds) != 1:
        return Folding(obstacle="several generators make its Applications")
    if kinds[0] not in _KINDS:
        return Folding(obstacle=f"its generator is `{kinds[0]}`, not `list`, `clusters` or `git`")
    if len(params) < _LEAST:
        return Folding(obstacle="what differs between its objects shows in two or more only")
    generator = block(generators[0], kinds[0])
    if kinds[0] == "clusters" and generator.get("flatList") is True:
        return Folding(obstacle="`flatList` makes one Application of all clusters")
    if kinds[0] == "clusters" and any(one.get("name") == LOCAL_NAME for one in params):
        return Folding(obstacle="the cluster of Argo CD itself needs other objects than the others")
    if kinds[0] == "git":
        taken = folders_of(spec)
        if isinstance(taken, str):
            return Folding(obstacle=taken)
        return Folding(kind="git", folder=taken.parent, excluded=taken.excluded)
    fixed = _fixed_values(generator) if kinds[0] == "clusters" else frozenset()
    same = _ambiguous(spec, params, fixed)
    if same:
        return Folding(obstacle=f"`{same}` has the same value in all of them")
    return Folding(kind=kinds[0])


def lacking_functions(spec: Mapping[str, Any]) -> tuple[str, ...]:
    """The functions of a spec's Go templates that a ResourceSet has not."""
    if spec.get("goTemplate") is not True:
        return ()
    named = {word for tag in _tags(spec) for word in _FUNCTION.findall(_QUOTED.sub("", tag))}
    return tuple(sorted(named & _SLIM_LACKS))


def unavailable_parameters(spec: Mapping[str, Any]) -> tuple[str, ...]:
    """The parameters of pull requests that its templates name and flux-operator does not have."""
    words = {word for tag in _tags(spec) for word in _WORD.findall(_QUOTED.sub("", tag))}
    return tuple(sorted({word.lstrip(".") for word in words} & _UNAVAILABLE))


def _tags(spec: Mapping[str, Any]) -> list[str]:
    texts = _texts([spec.get("template"), spec.get("templatePatch")])
    return [tag for text in texts for tag in _TAG.findall(text)]


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for pair in value.items() for one in pair for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []


def _fixed_values(generator: Mapping[str, Any]) -> frozenset[str]:
    """The ``values`` that are the same for clusters to come."""
    stated = block(generator, "values")
    return frozenset(f"values.{key}" for key, value in stated.items() if "{{" not in str(value))


def _ambiguous(
    spec: Mapping[str, Any], params: Sequence[Mapping[str, Any]], fixed: frozenset[str]
) -> str:
    """A parameter that the template names while its value is always the same.

    Nothing in the objects tells then where it was filled in.
    """
    text = json.dumps([spec.get("template"), spec.get("templatePatch")])
    words = {word for tag in _TAG.findall(text) for word in _WORD.findall(tag)}
    named = {part for word in words for part in (word.lstrip("."), word.rpartition(".")[2])}
    paths = [_paths(one) for one in params]
    for path in sorted(paths[0]) if paths else ():
        values = {repr(one.get(path)) for one in paths}
        if len(values) == 1 and path not in fixed and {path, path.rpartition(".")[2]} & named:
            return path
    return ""


def _paths(value: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, item in value.items():
        if isinstance(item, dict):
            out |= _paths(item, f"{prefix}{key}.")
        else:
            out[f"{prefix}{key}"] = item
    return out


def inputs_of(params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as plain values: whole numbers are whole, dotted names of ``values`` are maps."""
    out: dict[str, Any] = {}
    for key, value in params.items():
        head, dot, rest = key.partition(".")
        if dot and head == "values":
            out.setdefault(head, {})[rest] = _plain(value)
        else:
            out[key] = _plain(value)
    return out


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    whole = isinstance(value, float) and value.is_integer()
    return int(value) if whole else value
