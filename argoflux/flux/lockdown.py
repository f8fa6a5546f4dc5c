"""The lockdown of tenants: flags that keep objects in their namespace, with an account of its own.

Which references are cut: kustomize-controller:internal/controller/kustomization_controller.go getSource,
helm-controller:internal/controller/helmrelease_controller.go and helmchart_template.go,
image-automation-controller:internal/source, source-watcher:internal/controller (validateSpec). Whose
account is used: fluxcd/pkg:runtime/client/impersonation.go. What flux-operator sets:
flux-operator:internal/builder/profiles.go.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argoflux.flux.fields import flag, table, tables, text
from argoflux.flux.instance_flags import patched_flags
from argoflux.flux.load_flags import flags_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from argoflux.model.content import ContentObject
    from argoflux.resource import Resource

_OWN_NAMESPACE = "no-cross-namespace-refs"
_ACCOUNT = "default-service-account"
_COMPONENT = "app.kubernetes.io/component"
_ON = frozenset({"true", "1", "t"})
_CONTROLLERS = {
    "Kustomization": "kustomize-controller",
    "HelmRelease": "helm-controller",
    "ImagePolicy": "image-reflector-controller",
    "ImageUpdateAutomation": "image-automation-controller",
    "ArtifactGenerator": "source-watcher",
    "Alert": "notification-controller",
    "Receiver": "notification-controller",
}
"""Who reads the references of a kind."""

_REFERENCES = {
    "Kustomization": (("spec", "sourceRef"),),
    "HelmRelease": (("spec", "chart", "spec", "sourceRef"), ("spec", "chartRef")),
    "ImagePolicy": (("spec", "imageRepositoryRef"),),
    "ImageUpdateAutomation": (("spec", "sourceRef"),),
}
_DEFAULT_KINDS = {"ImagePolicy": "ImageRepository"}
_OPERATED = (
    "kustomize-controller",
    "helm-controller",
    "notification-controller",
    "image-reflector-controller",
    "image-automation-controller",
)
_APPLIERS = _OPERATED[:2]


@dataclass(slots=True)
class Lockdown:
    """The flags of the controllers, by root and controller."""

    flags: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def account(self, resource: Resource) -> str:
        """The service account of an applier that names none; empty for the controller's own."""
        return self._flags(resource).get(_ACCOUNT, "")

    def confines(self, resource: Resource) -> bool:
        """Whether the controller of a resource follows no reference to another namespace."""
        return self._flags(resource).get(_OWN_NAMESPACE, "").lower() in _ON

    def forbidden(self, resource: Resource) -> str | None:
        """The first object of another namespace that a resource refers to though it must not."""
        if not self.confines(resource):
            return None
        own = resource.ref.namespace
        for reference in _references(resource):
            namespace = text(reference, "namespace")
            if own and namespace and namespace != own:
                kind = text(reference, "kind") or _DEFAULT_KINDS.get(resource.ref.kind, "")
                return "/".join(part for part in (kind, namespace, text(reference, "name")) if part)
        return None

    def _flags(self, resource: Resource) -> Mapping[str, str]:
        controller = _CONTROLLERS.get(resource.ref.kind, "")
        return self.flags.get((resource.root, controller), {})


def read_lockdown(
    controllers: Mapping[str, Iterable[ContentObject]], resources: Iterable[Resource]
) -> Lockdown:
    """The flags of the Deployments of each root, and of the installations that flux-operator makes."""
    found = Lockdown()
    for resource in resources:
        if resource.ref.kind == "FluxInstance":
            for controller, flags in _operated(table(resource.body, "spec", "cluster")):
                found.flags.setdefault((resource.root, controller), {}).update(flags)
            for patch in patched_flags(table(resource.body, "spec")):
                for controller in patch.controllers:
                    found.flags.setdefault((resource.root, controller), {}).update(patch.flags)
    for root, deployments in controllers.items():
        for obj in deployments:
            # of a flag that is given twice, the last one counts
            found.flags.setdefault((root, _component(obj)), {}).update(flags_of(obj.body))
    return found


def _component(obj: ContentObject) -> str:
    """Shards of a controller have names of their own, and its label."""
    return text(obj.body, "metadata", "labels", _COMPONENT) or obj.ref.name


def _operated(cluster: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    if not flag(cluster, "multitenant"):
        return
    account = text(cluster, "tenantDefaultServiceAccount") or "default"
    for controller in _OPERATED:
        flags = {_OWN_NAMESPACE: "true"}
        if controller in _APPLIERS:
            flags[_ACCOUNT] = account
        yield controller, flags


def _references(resource: Resource) -> Iterator[dict[str, Any]]:
    if resource.ref.kind == "ArtifactGenerator":
        yield from tables(resource.body, "spec", "sources")
    for path in _REFERENCES.get(resource.ref.kind, ()):
        yield table(resource.body, *path)
