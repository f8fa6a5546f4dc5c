"""Generators as sets of parameters.

Facts: argo-cd:applicationset/generators (list.go, cluster.go, git.go, matrix.go, merge.go,
generator_spec_processor.go, value_interpolation.go). A list of texts that Go types as one is a tuple
here: selectors cannot look into it (flattenParameters).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.argocd.appset.clusters import LOCAL_NAME, LOCAL_SERVER
from argoflux.argocd.appset.dns_names import normalize
from argoflux.argocd.appset.gitfiles import (
    chosen_files,
    chosen_folders,
    file_params,
    folder_params,
    stated_values,
)
from argoflux.argocd.appset.govalues import Texts, read_numbers
from argoflux.argocd.appset.params import Params, combine, fill_blanks, flatten, override
from argoflux.argocd.appset.problems import ExpansionError, LimitError, Problem, UnknownError
from argoflux.argocd.appset.selectors import is_empty, matches
from argoflux.argocd.shapes import block, blocks, items, text
from argoflux.text import SourceFile
from argoflux.yamlio.load import load_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from argoflux.argocd.appset.clusters import ClusterFacts
    from argoflux.argocd.appset.templating import Templating
    from argoflux.model.files import SourceFiles
    from argoflux.text import Path

KINDS = (
    "list",
    "clusters",
    "git",
    "scmProvider",
    "clusterDecisionResource",
    "pullRequest",
    "matrix",
    "merge",
    "plugin",
)
"""In the order in which one generator with several of them is read."""

LIVE = frozenset({"scmProvider", "clusterDecisionResource", "pullRequest", "plugin"})
_NESTING = frozenset({"matrix", "merge"})
_DEEPEST = 2
_PAIR = 2
_LIMIT = 5_000
_SECRET_TYPE = {"argocd.argoproj.io/secret-type": "cluster"}


def _no_files(_url: str, _revision: str) -> SourceFiles | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What generators look at beside the ApplicationSet.

    ``clusters`` are those of the installation, None when nobody knows them; ``files`` gives the copy
    of a repository at a revision; ``doublestars`` is the controller's newer matching of file names.
    """

    clusters: Sequence[ClusterFacts] | None = None
    files: Callable[[str, str], SourceFiles | None] = field(default=_no_files)
    doublestars: bool = False


class Generated(NamedTuple):
    """The parameter sets of one generator, its place, and the template it brings along."""

    path: Path
    params: list[Params]
    template: Mapping[str, Any]


class Generators:
    """Reads the generators of one ApplicationSet."""

    def __init__(self, templating: Templating, inputs: Inputs) -> None:
        """``templating`` says which template language the ApplicationSet uses."""
        self._templating = templating
        self._inputs = inputs

    def read(self, stated: Any, path: Path) -> tuple[list[Generated], list[Problem]]:
        """One item of ``spec.generators``: what its generators give, and which give nothing."""
        found: list[Generated] = []
        problems: list[Problem] = []
        kinds = _kinds(stated)
        if not kinds:
            problems.append(Problem(path, "invalid", "it names no generator that exists"))
        for kind in kinds:
            at = (*path, kind)
            try:
                params = self._selected(stated, kind, at, {}, depth=0)
            except ExpansionError as error:
                place = error.path or at
                problems.append(Problem(place, error.reason, str(error), error.what))
            else:
                found.append(Generated(at, params, block(stated[kind], "template")))
        return found, problems

    def _selected(
        self, stated: Mapping[str, Any], kind: str, at: Path, params: Params, *, depth: int
    ) -> list[Params]:
        """The parameter sets of one generator that its ``selector`` lets through."""
        selector = stated.get("selector")
        generator = stated[kind]
        if params:
            generator = self._interpolated(kind, generator, params, at)
        found = self._params(kind, generator, at, depth)
        if len(found) > _LIMIT:
            raise LimitError(f"it makes {len(found)} sets of parameters").at(at)
        if selector is None:
            return found
        try:
            return [one for one in found if matches(selector, flatten(one))]
        except ExpansionError as error:
            raise error.at((*at[:-1], "selector")) from None

    def _interpolated(self, kind: str, stated: Any, params: Params, at: Path) -> Any:
        """The second generator of a matrix with the parameters of the first one filled in."""
        if not isinstance(stated, dict):
            return stated
        try:
            filled = {
                key: self._nested(value, params)
                if key == "generators"
                else self._values(value, params)
                if key == "values" and kind != "list"
                else self._templating.fill(value, params, (key,))
                for key, value in stated.items()
            }
        except ExpansionError as error:
            raise error.below(at) from None
        return filled

    def _nested(self, stated: Any, params: Params) -> Any:
        """The generators of a nested generator, each with its own values."""
        if not isinstance(stated, list):
            return stated
        return [
            {
                key: self._interpolated(key, value, params, ())
                if key in KINDS
                else self._templating.fill(value, params, (key,))
                for key, value in item.items()
            }
            if isinstance(item, dict)
            else item
            for item in stated
        ]

    def _values(self, stated: Any, params: Params) -> Any:
        if not isinstance(stated, dict):
            return stated
        return {
            key: self._templating.replace_known(value, params) if isinstance(value, str) else value
            for key, value in stated.items()
        }

    def _params(self, kind: str, stated: Any, at: Path, depth: int) -> list[Params]:
        generator = stated if isinstance(stated, dict) else {}
        if kind in LIVE:
            raise UnknownError("it asks a live service", "live", kind).at(at)
        try:
            match kind:
                case "list":
                    return self._list(generator)
                case "clusters":
                    return self._clusters(generator)
                case "git":
                    return self._git(generator)
                case "matrix":
                    return self._matrix(generator, at, depth)
                case _:
                    return self._merge(generator, at, depth)
        except ExpansionError as error:
            raise error.at(at) from None

    def _list(self, stated: Mapping[str, Any]) -> list[Params]:
        found: list[Params] = []
        for item in items(stated, "elements"):
            if not isinstance(item, dict):
                raise ExpansionError("an element of the list is no map")
            element = read_numbers(item)
            found.append(element if self._templating.go else _flat_element(element))
        extra = text(stated.get("elementsYaml"))
        if extra:
            found += _elements(extra)
        return found

    def _clusters(self, stated: Mapping[str, Any]) -> list[Params]:
        known = self._inputs.clusters
        if known is None:
            raise UnknownError("the input holds no cluster Secret", "no-clusters")
        selector = stated.get("selector")
        by_name = {
            one.name: one for one in known if matches(selector, {**one.labels, **_SECRET_TYPE})
        }
        found = [self._cluster(one, stated) for _, one in sorted(by_name.items())]
        local = any(one.server == LOCAL_SERVER for one in by_name.values())
        if is_empty(selector) and not local:
            params = {"name": LOCAL_NAME, "nameNormalized": LOCAL_NAME, "server": LOCAL_SERVER}
            found.append(self._with_values(stated, {**params, "project": ""}))
        return [{"clusters": tuple(found)}] if stated.get("flatList") is True else found

    def _cluster(self, cluster: ClusterFacts, stated: Mapping[str, Any]) -> Params:
        params: Params = {
            "name": cluster.name,
            "nameNormalized": normalize(cluster.name),
            "server": cluster.server,
            "project": cluster.project,
        }
        about = {"annotations": cluster.annotations, "labels": {**cluster.labels, **_SECRET_TYPE}}
        if self._templating.go:
            params["metadata"] = {key: Texts(value) for key, value in about.items() if value}
        else:
            for kind, pairs in about.items():
                params |= {f"metadata.{kind}.{key}": value for key, value in pairs.items()}
        return self._with_values(stated, params)

    def _with_values(self, stated: Mapping[str, Any], params: Params) -> Params:
        """The parameters with the generator's own ``values``, which may name the others."""
        given = stated_values(stated)
        values = {key: self._templating.replace(value, params) for key, value in given.items()}
        if not values:
            return params
        if self._templating.go:
            return {**params, "values": Texts(values)}
        return {**params, **{f"values.{key}": value for key, value in values.items()}}

    def _git(self, stated: Mapping[str, Any]) -> list[Params]:
        url, revision = text(stated.get("repoURL")), text(stated.get("revision"))
        by_folder = bool(items(stated, "directories"))
        if not by_folder and not items(stated, "files"):
            raise ExpansionError("it names neither directories nor files")
        files = self._inputs.files(url, revision)
        if files is None:
            raise UnknownError("no copy of the repository is at hand", "no-files", url)
        prefix, go = text(stated.get("pathParamPrefix")), self._templating.go
        found: list[Params] = []
        if by_folder:
            found += [folder_params(path, prefix, go=go) for path in chosen_folders(stated, files)]
        else:
            for path in chosen_files(stated, files, doublestars=self._inputs.doublestars):
                content = files.read(path)
                if content is None:
                    raise ExpansionError(f"the file {path} is no text")
                found += file_params(path, content, prefix, go=go)
        return [self._with_values(stated, params) for params in found]

    def _matrix(self, stated: Mapping[str, Any], at: Path, depth: int) -> list[Params]:
        nested = blocks(stated, "generators")
        if len(nested) != _PAIR:
            raise ExpansionError(f"a matrix takes two generators, this one has {len(nested)}")
        first, second = ((*at, "generators", number) for number in range(_PAIR))
        found: list[Params] = []
        for one in self._child(nested[0], first, {}, depth):
            for other in self._child(nested[1], second, one, depth):
                merged = override(other, one) if self._templating.go else combine(one, other)
                found.append(merged)
            if len(found) > _LIMIT:
                raise LimitError(f"it makes more than {_LIMIT} sets of parameters")
        return found

    def _merge(self, stated: Mapping[str, Any], at: Path, depth: int) -> list[Params]:
        nested = blocks(stated, "generators")
        if len(nested) < _PAIR:
            raise ExpansionError("a merge takes at least two generators")
        keys = sorted({text(key) for key in items(stated, "mergeKeys")})
        if not keys:
            raise ExpansionError("it has no `mergeKeys`")
        sets = [
            _by_key(keys, self._child(item, (*at, "generators", number), {}, depth))
            for number, item in enumerate(nested)
        ]
        merged = sets[0]
        for more in sets[1:]:
            for key in merged.keys() & more.keys():
                one, other = merged[key], more[key]
                merged[key] = override(one, other) if self._templating.go else {**one, **other}
        return list(merged.values())

    def _child(self, stated: Any, at: Path, params: Params, depth: int) -> list[Params]:
        kinds = _kinds(stated)
        if len(kinds) != 1:
            found = f"names {len(kinds)}" if kinds else "names none that exists"
            raise ExpansionError(f"each item takes one generator, this one {found}").at(at)
        if kinds[0] in _NESTING and depth + 1 >= _DEEPEST:
            raise ExpansionError("generators nest one level deep at most").at(at)
        return self._selected(stated, kinds[0], (*at, kinds[0]), params, depth=depth + 1)


def merged_template(own: Mapping[str, Any], shared: Mapping[str, Any]) -> Params:
    """A generator's template with the blanks filled from that of the ApplicationSet."""
    return fill_blanks(own, shared)


def _kinds(stated: Any) -> list[str]:
    if not isinstance(stated, dict):
        return []
    return [kind for kind in KINDS if stated.get(kind) is not None]


def _flat_element(element: Mapping[str, Any]) -> Params:
    """An element for simple templates: texts only, those of ``values`` with a prefix."""
    params: Params = {}
    for key, value in element.items():
        if key == "values":
            if not isinstance(value, dict):
                raise ExpansionError("`values` of an element is no map")
            params |= {f"values.{name}": _only_text(name, item) for name, item in value.items()}
        else:
            params[key] = _only_text(key, value)
    return params


def _only_text(key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ExpansionError(
            f"`{key}` of an element is no text, which only `goTemplate: true` allows"
        )
    return value


def _elements(stated: str) -> list[Params]:
    """The maps of ``elementsYaml``."""
    loaded = load_text(SourceFile("elementsYaml", stated))
    broken = [finding for finding in loaded.findings if finding.code != "AF002"]
    value = loaded.documents[0].body if loaded.documents and not broken else None
    if broken or not isinstance(value, list | None):
        raise ExpansionError("`elementsYaml` is no list in YAML")
    found = read_numbers(value or [])
    if not all(isinstance(item, dict) for item in found):
        raise ExpansionError("an element of `elementsYaml` is no map")
    return list(found)


def _by_key(keys: Sequence[str], found: Sequence[Params]) -> dict[str, Params]:
    out: dict[str, Params] = {}
    for params in found:
        key = json.dumps([params.get(key) for key in keys], sort_keys=True)
        if key in out:
            shown = ", ".join(f"`{name}`" for name in keys)
            raise ExpansionError(f"two sets of parameters have the same {shown}")
        out[key] = params
    return out
