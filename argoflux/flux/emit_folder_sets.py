"""A ResourceSet for the folders of a repository: an artifact per folder, and an input per artifact.

Facts: flux-operator:docs/guides/resourcesets/rset-monorepo.md (captures come back as labels, labels as
inputs; 100 inputs at most), source-watcher:api/v1beta1/artifactgenerator_types.go (pathPattern).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from argoflux.flux.emit_gates import api_version, has_field
from argoflux.flux.values_layers import GENERATOR, may_generate
from argoflux.mapping.draft import Draft
from argoflux.mapping.names import shorten, slug, undotted
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from argoflux.mapping.emission import Emission, Request
    from argoflux.model.app import App
    from argoflux.model.generated import GeneratedSet

_API = "fluxcd.controlplane.io/v1"
_LABEL = "argoflux.dev/appset"
_CAPTURE = "app"
_NAME = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?\Z")
_LONGEST = 63
_MOST = 100
_CONTROL = frozenset({"kustomization.yaml", "kustomization.yml", "Kustomization"})


class NoFolders(ValueError):  # noqa: N818  (says what there is not)
    """Objects that artifacts of their folders cannot give; the text says why."""


class FolderSet:
    """The objects of one set, each reading the artifact of its folder instead of the repository."""

    def __init__(self, generated: GeneratedSet, own: Sequence[Sequence[Draft]]) -> None:
        """Check that every app is one Kustomization of a folder; raises NoFolders."""
        if any([draft.kind for draft in drafts] != ["Kustomization"] for drafts in own):
            raise NoFolders("not all of its folders become one Kustomization, and nothing else")
        self._generated = generated
        self._name = shorten(undotted(slug(generated.resource.ref.name)))
        self._drafts = [drafts[0] for drafts in own]
        self._folders = [self._folder(draft) for draft in self._drafts]
        sources = [dig(draft.body, "spec", "sourceRef") for draft in self._drafts]
        if any(one != sources[0] for one in sources) or len(self._drafts) > _MOST:
            raise NoFolders("its folders are not read from one source, or they are too many")
        self._source: Mapping[str, Any] = sources[0]

    def inputs(self) -> list[dict[str, Any]]:
        """What flux-operator makes of each artifact, as far as the template needs it."""
        return [{_CAPTURE: one, "name": f"{self._name}-{one}"} for one in self._folders]

    def bodies(self) -> list[list[dict[str, Any]]]:
        """The objects of each app with the artifact as their source."""
        out = []
        for draft, names in zip(self._drafts, self.inputs(), strict=True):
            source = {"kind": "ExternalArtifact", "name": names["name"]}
            spec = {**draft.body["spec"], "sourceRef": source, "path": "./"}
            out.append([{**draft.body, "spec": spec}])
        return out

    def check(self, request: Request, emission: Emission, namespace: str) -> None:
        """What the release and the repository must be like; raises NoFolders."""
        root = self._generated.resource.root
        if not has_field(request.flux, GENERATOR, "spec.pathPattern"):
            raise NoFolders(f"Flux {request.flux} has no path patterns of ArtifactGenerators")
        if not may_generate(request, root):
            raise NoFolders("no source-watcher runs in the target")
        if any(draft.namespace != namespace for draft in self._drafts):
            raise NoFolders("its objects stand in other namespaces than the ResourceSet")
        if self._source.get("kind") != "GitRepository" or self._source.get("namespace"):
            raise NoFolders("its source is no GitRepository beside its objects")
        name = self._source["name"]
        wanted = (root, "GitRepository", namespace, name)
        for draft in emission.drafts:
            if (draft.root, draft.kind, draft.namespace, draft.name) == wanted:
                spec = draft.body["spec"]
                if "ignore" in spec or "sparseCheckout" in spec:
                    raise NoFolders(f"GitRepository {name} leaves out a part of the repository")
        for app in self._generated.apps:
            self._check_files(app, request)

    def emit(self, namespace: str, flux: str) -> list[Draft]:
        """The ArtifactGenerator and the ResourceSetInputProvider."""
        return [self._generator(namespace, flux), self._provider(namespace)]

    def _generator(self, namespace: str, flux: str) -> Draft:
        folder = f"{self._generated.folder}/{{{_CAPTURE}}}"
        draft = self._draft(api_version(flux, GENERATOR), GENERATOR, namespace, "sources")
        source = {"alias": "repo", "kind": "GitRepository", "name": self._source["name"]}
        draft.put("spec.sources", [source])
        draft.put("spec.pathPattern", f"@repo/{folder}", slot="generated")
        draft.put(("spec", "commonMetadata", "labels", _LABEL), self._name)
        item = {
            "name": f"{self._name}-{{{_CAPTURE}}}",
            "originRevision": "@repo",
            "copy": [{"from": f"@repo/{folder}/**", "to": "@artifact/"}],
        }
        draft.put("spec.artifacts", [item], slot="part.path")
        return draft

    def _provider(self, namespace: str) -> Draft:
        draft = self._draft(_API, "ResourceSetInputProvider", namespace, "apps")
        draft.put("spec.type", "ExternalArtifact", origin="required")
        selector: dict[str, Any] = {"matchLabels": {_LABEL: self._name}}
        if self._generated.excluded:
            item = {"key": _CAPTURE, "operator": "NotIn", "values": list(self._generated.excluded)}
            selector["matchExpressions"] = [item]
        draft.put("spec.selectors", [selector], slot="generated")
        return draft

    def _draft(self, version: str, kind: str, namespace: str, folder: str) -> Draft:
        return Draft(
            api_version=version,
            kind=kind,
            namespace=namespace,
            name=self._name,
            folder=folder,
            root=self._generated.resource.root,
            apps=list(self._generated.apps),
            sources=[self._generated.resource],
        )

    def _folder(self, draft: Draft) -> str:
        parent, _, name = str(dig(draft.body, "spec", "path")).rpartition("/")
        if parent.removeprefix("./") != self._generated.folder:
            raise NoFolders("its Applications read other folders than its generator finds")
        if not _NAME.match(name) or len(name) > _LONGEST:
            raise NoFolders(f"`{name}` cannot be the name of an artifact")
        return name

    def _check_files(self, app: App, request: Request) -> None:
        """A folder is copied alone: it must not take files from outside itself."""
        part = app.parts[0]
        files = request.files(app, part)
        if files is None:
            raise NoFolders("no copy of its repository is at hand")
        hidden = f"{self._generated.folder}/."
        if any(
            path.startswith(hidden) and path.count("/") > hidden.count("/")
            for path in files.names()
        ):
            raise NoFolders(f"a hidden folder stands in {self._generated.folder}")
        below = f"{part.path.strip('/')}/"
        for path in files.names():
            named = path.rpartition("/")[2]
            if path.startswith(below) and named in _CONTROL and "../" in (files.read(path) or ""):
                raise NoFolders(f"{path} names files outside its folder")
