"""ApplicationSets as the Apps that they generate."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from argoflux.argocd.appset.clusters import read_cluster
from argoflux.argocd.appset.expand import PATCH, TEMPLATE, expand
from argoflux.argocd.appset.folding import (
    folding,
    inputs_of,
    lacking_functions,
    unavailable_parameters,
)
from argoflux.argocd.appset.generators import Inputs
from argoflux.argocd.appset.rollout import rollout_steps, step_of
from argoflux.argocd.load_application import read_application
from argoflux.argocd.shapes import block, blocks, items, text, texts
from argoflux.goports.giturl import strip_credentials
from argoflux.mapping.appset import A2F_SET_008, PULL_REQUESTS, REASONS, REMEDIES
from argoflux.mapping.emission import Refusal, Saying
from argoflux.mapping.objects import A2F_OBJ_003
from argoflux.mapping.revisions import classify
from argoflux.mapping.source import A2F_SRC_024
from argoflux.model.app import App, Part
from argoflux.model.generated import GeneratedSet
from argoflux.model.render import Opened
from argoflux.model.source import GitSource
from argoflux.resource import Ref, Resource
from argoflux.yamlio.tree import MISSING, Map, dig, leaves

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from argoflux.argocd.appset.expand import Child, Expansion
    from argoflux.argocd.appset.problems import Problem
    from argoflux.argocd.loading import Loading
    from argoflux.model.files import SourceFiles
    from argoflux.text import Path

_PARAMS = "ConfigMap:argocd-cmd-params-cm"
# argo-cd:manifests/base/applicationset-controller/argocd-applicationset-controller-deployment.yaml
_GLOBBING = "applicationsetcontroller.enable.new.git.file.globbing"
_STEPS = "applicationsetcontroller.enable.progressive.syncs"


def read_applicationset(resource: Resource, loading: Loading) -> None:
    """Expand one ApplicationSet; what cannot be expanded is said, or refuses it as a whole."""
    if resource.placeholder or not isinstance(resource.body.get("spec"), dict):
        what, remedy = "it has no spec", "correct it, or remove it"
        if resource.placeholder:
            what, remedy = "its name or type is filled in later", "convert what the template yields"
        refusal = Refusal(
            resource=resource, message=A2F_OBJ_003, facts={"what": what, "remedy": remedy}
        )
        loading.loaded.refused.append(refusal)
        return
    expansion = expand(resource.body, inputs_of_generators(resource, loading))
    if expansion.problems and not expansion.children:
        problem = expansion.problems[0]
        message, facts = REASONS[problem.reason], _facts(resource, problem)
        loading.loaded.refused.append(Refusal(resource=resource, message=message, facts=facts))
        if problem.what == "pullRequest":
            _say_unavailable(resource, loading)
        return
    _Reading(resource, loading, expansion).read()


def _say_unavailable(resource: Resource, loading: Loading) -> None:
    """Parameters of pull requests that the way out, a provider of flux-operator, does not have."""
    found = unavailable_parameters(block(resource.body, "spec"))
    if found:
        name = str(resource.ref)
        facts = {"set": name, "parameters": " and ".join(f"`{one}`" for one in found)}
        place = resource.place("spec", "template")
        saying = Saying(message=A2F_SET_008, facts=facts, places=(place,), apps=(name,))
        loading.loaded.sayings.append(saying)


class _Reading:
    """The reading of one ApplicationSet that makes Applications, or none for now."""

    def __init__(self, resource: Resource, loading: Loading, expansion: Expansion) -> None:
        self._resource = resource
        self._loading = loading
        self._expansion = expansion
        params = _params(resource, loading)
        self._steps_off = params.get(_STEPS) == "false"
        self._steps = [] if self._steps_off else rollout_steps(resource.body)

    def read(self) -> None:
        """Add the Apps and their set to the loading, or refuse the set with all its Apps."""
        loaded = self._loading.loaded
        apps: list[App] = []
        made: list[Child] = []
        refused: list[Refusal] = []
        stages: dict[int, list[App]] = defaultdict(list)
        for child in self._expansion.children:
            app, refusal = self._app(child)
            if refusal is not None:
                refused.append(refusal)
            if app is None:
                continue
            step = step_of(app.labels, self._steps) if self._steps else None
            app = _paced(app, step) if self._steps else app
            apps.append(app)
            made.append(child)
            if step is not None:
                stages[step].append(app)
        if refused and not apps:
            first = refused[0]
            facts = {"name": str(first.resource.ref), **first.facts}
            loaded.refused.append(
                Refusal(resource=self._resource, message=first.message, facts=facts)
            )
            return
        loaded.sayings += [_said(refusal) for refusal in refused]
        self._loading.apps += apps
        generated = GeneratedSet(
            resource=self._resource,
            apps=tuple(apps),
            steps=tuple(tuple(stages[step]) for step in sorted(stages)),
            policy=self._policy(),
            facts=self._row_facts(len(self._expansion.children)),
        )
        self._loading.generated.append(self._folded(generated, made))

    def _folded(self, generated: GeneratedSet, made: list[Child]) -> GeneratedSet:
        """The set with what one template for all of its Apps needs."""
        spec = block(self._resource.body, "spec")
        if self._expansion.problems or len(made) != len(self._expansion.children):
            return replace(generated, unfoldable="not all of its Applications are converted")
        found = folding(spec, [child.params for child in made])
        generated = replace(generated, lacking=lacking_functions(spec), lenient=_lenient(spec))
        selector = {}
        if found.kind == "clusters":
            selector = block(block(blocks(spec, "generators")[0], "clusters"), "selector")
        labels = _cluster_labels(self._resource, self._loading)
        return replace(
            generated,
            kind=found.kind,
            unfoldable=found.obstacle,
            inputs=tuple(inputs_of(child.params) for child in made),
            labels=tuple(labels.get(text(child.params.get("name")), {}) for child in made),
            selector=selector,
            folder=found.folder,
            excluded=found.excluded,
        )

    def _app(self, child: Child) -> tuple[App | None, Refusal | None]:
        generated = self._application(child)
        settings = self._loading.settings_of(self._resource)
        app, reading = read_application(generated, settings, self._loading.request)
        self._loading.loaded.sayings += reading.sayings
        if app is None:
            return None, reading.refusal
        templates = ((*child.generator, "template"),) if child.own_template else ()
        brought = (PATCH, self._brought(generated, templates))
        extra = {**app.extra, "templates": templates, "brought": brought}
        return replace(app, made_of=(generated, self._resource), extra=extra), None

    def _application(self, child: Child) -> Resource:
        maker = self._resource
        namespace = maker.ref.namespace
        return Resource(
            ref=Ref("argoproj.io", "Application", namespace, child.name),
            version="v1alpha1",
            body=Map(child.body),
            document=maker.document,
            root=maker.root,
            made_by=maker,
            made_at=TEMPLATE,
        )

    def _brought(self, generated: Resource, templates: Sequence[Path]) -> tuple[Path, ...]:
        """The values of an Application that stand in no template: a patch, or a filled-in key."""
        bases = (TEMPLATE, *templates)
        return tuple(
            path
            for path, _ in leaves(generated.body)
            if path[0] in {"metadata", "spec"}
            and path[:2] not in {("metadata", "namespace"), ("metadata", "finalizers")}
            and all(dig(self._resource.body, *base, *path) is MISSING for base in bases)
        )

    def _policy(self) -> str:
        policy = block(block(self._resource.body, "spec"), "syncPolicy")
        return text(policy.get("applicationsSync")) or "sync"

    def _row_facts(self, count: int) -> dict[str, Any]:
        noun = "1 Application" if count == 1 else f"{count} Applications"
        return {
            "set": str(self._resource.ref),
            "count": noun,
            "steps": bool(self._steps),
            "steps_off": self._steps_off,
            "problems": {
                problem.path: _facts(self._resource, problem)
                for problem in reversed(self._expansion.problems)
            },
        }


def _lenient(spec: Mapping[str, Any]) -> bool:
    """Whether the Go templates of a spec take keys that are not there."""
    options = [text(option) for option in items(spec, "goTemplateOptions")]
    return spec.get("goTemplate") is True and "missingkey=error" not in options


def _paced(app: App, step: int | None) -> App:
    """An App of a rollout: its step syncs it, and one of no step is never synced by itself.

    argo-cd:applicationset/progressivesync/progressive_sync.go (SyncDesiredApplications).
    """
    stated = step is not None
    sync = replace(app.sync, suspended=not stated, automated_stated=stated)
    return replace(app, sync=sync)


def _said(refusal: Refusal) -> Saying:
    """An Application that is not converted, while others of its set are."""
    resource = refusal.resource
    facts = {"name": str(resource.ref), **refusal.facts}
    place = resource.place("spec")
    return Saying(message=refusal.message, facts=facts, places=(place,), apps=(str(resource.ref),))


def _facts(resource: Resource, problem: Problem) -> dict[str, Any]:
    return {
        "set": str(resource.ref),
        "name": str(resource.ref),
        "reason": problem.reason,
        "why": problem.text,
        "generator": problem.what,
        "remedy": _remedy(resource, problem),
        "url": strip_credentials(problem.what),
    }


def _remedy(resource: Resource, problem: Problem) -> str:
    """What to do about a live generator; of pull requests it depends on where they are."""
    stated = dig(resource.body, *problem.path)
    hosts = [key for key in stated if key in PULL_REQUESTS] if isinstance(stated, dict) else []
    special = REMEDIES.get(f"{problem.what}.{hosts[0]}", "") if hosts else ""
    return special or REMEDIES.get(problem.what, "")


def inputs_of_generators(resource: Resource, loading: Loading) -> Inputs:
    """What the generators of an ApplicationSet may look at: its root's clusters and settings, files."""
    secrets = [
        read_cluster(other.body)
        for other in loading.resources
        if other.pseudo == "Secret:cluster" and other.root == resource.root
    ]

    def files(url: str, revision: str) -> SourceFiles | None:
        return _files(resource, loading, url, revision)

    return Inputs(
        clusters=secrets or None,
        files=files,
        doublestars=_params(resource, loading).get(_GLOBBING) == "true",
    )


def _cluster_labels(resource: Resource, loading: Loading) -> dict[str, dict[str, str]]:
    """The labels of each known cluster, without those of Argo CD itself."""
    return {
        cluster.name: {
            key: value for key, value in cluster.labels.items() if "argoproj.io/" not in key
        }
        for cluster in inputs_of_generators(resource, loading).clusters or ()
    }


def _params(resource: Resource, loading: Loading) -> dict[str, str]:
    """The settings of the controllers of one root."""
    found: dict[str, str] = {}
    for other in loading.resources:
        if other.pseudo == _PARAMS and other.root == resource.root:
            found.update(texts(other.body, "data"))
    return found


def _files(resource: Resource, loading: Loading, url: str, revision: str) -> SourceFiles | None:
    """The copy of a repository that a generator reads; said when it was only recognised."""
    request = loading.request
    source = GitSource(
        url=url, revision=classify(revision, default_branch=request.options.default_branch)
    )
    part = Part(source=source, render=Opened(tool="undecided"))
    ref = resource.ref
    asking = App(
        kind=ref.kind,
        namespace=ref.namespace,
        name=ref.name,
        root=resource.root,
        parts=(part,),
        made_of=(resource,),
    )
    files = request.files(asking, part)
    if files is not None and files.assumed:
        facts = {"url": strip_credentials(url), "directory": files.directory}
        place = resource.place("spec", "generators")
        saying = Saying(
            message=A2F_SRC_024, facts=facts, places=(place,), apps=(str(resource.ref),)
        )
        if saying not in loading.loaded.sayings:
            loading.loaded.sayings.append(saying)
    return files
