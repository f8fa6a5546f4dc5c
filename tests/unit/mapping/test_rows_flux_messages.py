"""Messages, webhooks and image automation of Flux: what becomes of each leaf."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.mapping import flux_images, flux_notifications
from argoflux.mapping.verdict import Message
from tests.unit.mapping.row_cases import KUSTOMIZED, Row, check, ids, kustomization

if TYPE_CHECKING:
    from pathlib import Path


def provider(spec: str) -> str:
    return f"""\
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Provider
metadata: {{name: chat, namespace: flux-system}}
spec: {{{spec}}}
---
"""


def alert(spec: str, *, to: str = "type: slack, channel: deploys, secretRef: {name: bot}") -> str:
    text = f"""\
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata: {{name: told, namespace: flux-system}}
spec: {{providerRef: {{name: chat}}, {spec}}}
---
"""
    return text + (provider(to) if to else "") + kustomization()


def receiver(spec: str) -> str:
    return f"""\
apiVersion: notification.toolkit.fluxcd.io/v1
kind: Receiver
metadata: {{name: gh, namespace: flux-system}}
spec: {{{spec}, secretRef: {{name: hook}}, resources: [{{kind: GitRepository, name: shop}}]}}
---
"""


def images(
    *, repository: str = "", policy: str = "policy: {semver: {range: 1.x}}", automation: str = ""
) -> str:
    return f"""\
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata: {{name: api, namespace: flux-system}}
spec: {{image: a/api, interval: 5m{repository}}}
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata: {{name: api, namespace: flux-system}}
spec: {{imageRepositoryRef: {{name: api}}, {policy}}}
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageUpdateAutomation
metadata: {{name: tags, namespace: flux-system}}
spec: {{sourceRef: {{kind: GitRepository, name: shop}}, update: {{path: ., strategy: Setters}}{automation}}}
---
""" + kustomization()


def marked(text: str, file: str = "app/kustomization.yaml") -> dict[str, str]:
    """The files of the path, one of them with a marker."""
    return {**KUSTOMIZED, file: text}


ENTRY = (
    "resources: [deployment.yaml]\nimages:\n- name: api\n"
    '  newTag: 1.0.0 # {"$imagepolicy": "flux-system:api:tag"}\n'
)
MARKED = marked(ENTRY)
OVERRIDE = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: shop, namespace: flux-system}
spec:
  images:
  - name: api
    newTag: 1.0.0 # {"$imagepolicy": "flux-system:api:tag"}
"""
ON = "eventSources: [{kind: Kustomization, name: '*'}]"
PROVIDERS = [
    Row(id="a bot", text=provider("type: slack, secretRef: {name: bot}"), path="spec.type",
        verdict="equivalent", targets=('data["service.slack"]',)),
    Row(id="a webhook", text=provider("type: generic, address: 'https://a.example.com'"),
        path="spec.type", verdict="approximate", code="F2A-NOT-001", shown="service.webhook.chat"),
    Row(id="credentials", text=provider("type: slack, secretRef: {name: bot}"),
        path="spec.secretRef.name", verdict="manual", code="F2A-NOT-002", shown="flux-system/bot"),
    Row(id="a proxy", text=provider("type: slack, proxy: 'http://p'"), path="spec.proxy",
        verdict="approximate", code="F2A-NOT-003"),
    Row(id="a time limit", text=provider("type: slack, timeout: 5s"), path="spec.timeout",
        verdict="none", code="F2A-NOT-007", shown="`timeout`"),
    Row(id="a room that a webhook has not", text=provider("type: discord, channel: ops"),
        path="spec.channel", verdict="none", code="F2A-NOT-007", shown="`channel`"),
    Row(id="a commit status", text=provider("type: github, address: 'https://a.example.com'"),
        path="spec.type", verdict="manual", code="F2A-NOT-008", shown="GitHub App"),
    Row(id="no service at all", text=provider("type: azureeventhub"), path="spec.type",
        verdict="manual", code="F2A-NOT-008", shown="azureeventhub"),
]  # fmt: skip
ALERTS = [
    Row(id="objects that are apps", text=alert(ON), files=KUSTOMIZED,
        path="spec.eventSources[0].kind", verdict="equivalent", targets=("data.subscriptions",)),
    Row(id="objects that are none", text=alert("eventSources: [{kind: HelmChart, name: a}]"),
        path="spec.eventSources[0].kind", verdict="approximate", code="F2A-NOT-004"),
    Row(id="failures alone", text=alert(f"{ON}, eventSeverity: error"), files=KUSTOMIZED,
        path="spec.eventSeverity", verdict="approximate", code="F2A-NOT-005", shown="failed"),
    Row(id="all events", text=alert(f"{ON}, eventSeverity: info"), files=KUSTOMIZED,
        path="spec.eventSeverity", verdict="approximate", code="F2A-NOT-005", shown="successful"),
    Row(id="a filter", text=alert(f"{ON}, exclusionList: [waiting.*]"), files=KUSTOMIZED,
        path="spec.exclusionList[0]", verdict="manual", code="F2A-NOT-006", shown="waiting"),
    Row(id="without its provider", text=alert(ON, to=""), path="spec.providerRef.name",
        verdict="manual", code="F2A-NOT-009", shown="not in the input"),
    Row(id="a provider without a service", text=alert(ON, to="type: otel"),
        path="spec.providerRef.name", verdict="manual", code="F2A-NOT-009", shown="no service"),
    Row(id="held back", text=alert(f"{ON}, suspend: true"), path="spec.suspend",
        verdict="equivalent"),
]  # fmt: skip
RECEIVERS = [
    Row(id="the token", text=receiver("type: github"), path="spec.secretRef.name",
        verdict="manual", code="F2A-RCV-001", shown="webhook.github.secret",
        targets=('stringData["webhook.github.secret"]',)),
    Row(id="an unknown sender", text=receiver("type: quay"), path="spec.type", verdict="none",
        code="F2A-RCV-002", shown="quay"),
    Row(id="harbor before Argo CD reads it", text=receiver("type: harbor"), argocd="3.0",
        path="spec.type", verdict="none", code="F2A-RCV-002"),
    Row(id="tokens of an identity provider",
        text=receiver("type: generic-oidc, oidcProviders: [{issuerURL: 'https://a'}]"),
        path="spec.oidcProviders[0].issuerURL", verdict="none", code="F2A-RCV-003"),
    Row(id="events", text=receiver("type: gitlab, events: [push]"), path="spec.events[0]",
        verdict="none", code="F2A-RCV-004", shown="`events`"),
]  # fmt: skip
IMAGES = [
    Row(id="a range", text=images(), files=MARKED, path="spec.policy.semver.range",
        verdict="equivalent", targets=("spec.applicationRefs[0].images[0].imageName",)),
    Row(id="a login", text=images(repository=", secretRef: {name: reg}"), files=MARKED,
        path="spec.secretRef.name", verdict="manual", code="F2A-IMG-001", shown="reg"),
    Row(id="the lowest tag", text=images(policy="policy: {alphabetical: {order: desc}}"),
        files=MARKED, path="spec.policy.alphabetical.order", verdict="manual", code="F2A-IMG-002"),
    Row(id="numbers", text=images(policy="policy: {numerical: {order: asc}}"), files=MARKED,
        path="spec.policy.numerical.order", verdict="approximate", code="F2A-IMG-003"),
    Row(id="a part of the tag",
        text=images(policy="filterTags: {pattern: '(?P<n>.*)', extract: $n}, policy: {alphabetical: {order: asc}}"),
        files=MARKED, path="spec.filterTags.extract", verdict="approximate", code="F2A-IMG-004"),
    Row(id="digests",
        text=images(policy="digestReflectionPolicy: IfNotPresent, policy: {semver: {range: 1.x}}"),
        files=MARKED, path="spec.digestReflectionPolicy", verdict="approximate",
        code="F2A-IMG-005"),
    Row(id="a refspec", text=images(automation=", git: {push: {refspec: 'a:b'}}"), files=MARKED,
        path="spec.git.push.refspec", verdict="none", code="F2A-IMG-006"),
    Row(id="the author", text=images(automation=", git: {commit: {author: {email: a@b.c}}}"),
        files=MARKED, path="spec.git.commit.author.email", verdict="manual", code="F2A-IMG-007"),
    Row(id="a mark in a manifest", text=images(), code="F2A-IMG-008", shown="app/pod.yaml:4",
        files=marked('kind: Pod\nspec:\n  containers:\n  - image: a:1 # {"$imagepolicy": "flux-system:api"}\n', "app/pod.yaml")),
    Row(id="a mark of no image", text=images(), code="F2A-IMG-009", shown="`semver`",
        files=marked('kind: A\nsemver: 1 # {"$imagepolicy": "flux-system:api:tag"}\n', "app/a.yaml")),
    Row(id="a mark of no policy", text=images(), code="F2A-IMG-010", shown="flux-system:web",
        files=marked(ENTRY.replace("api:tag", "web:tag"))),
    Row(id="an image of a Kustomization", text=images(), code="F2A-IMG-011",
        shown="Application/argocd/shop", files=marked(OVERRIDE, "app/shop.yaml")),
    Row(id="no mark at all", text=images(), files=KUSTOMIZED, path="spec.image",
        verdict="manual", code="F2A-IMG-012"),
    Row(id="a mark beside all apps", text=images(), code="F2A-IMG-013",
        shown="other/kustomization.yaml:4", files={**KUSTOMIZED, "other/kustomization.yaml": ENTRY}),
    Row(id="a registry without TLS", text=images(repository=", insecure: true"), files=MARKED,
        path="spec.insecure", verdict="approximate", code="F2A-IMG-014"),
    Row(id="tags left out", text=images(repository=", exclusionList: ['^v']"), files=MARKED,
        path="spec.exclusionList[0]", verdict="approximate", code="F2A-IMG-015"),
    Row(id="markers stay", text=images(), files=MARKED, path="spec.update.strategy",
        verdict="equivalent", code="F2A-IMG-016"),
]  # fmt: skip
ROWS = [*PROVIDERS, *ALERTS, *RECEIVERS, *IMAGES]


@ids(ROWS)
def test_leaf(tmp_path: Path, row: Row) -> None:
    check(tmp_path, row)


def test_every_message_is_raised() -> None:
    """A code without a test would be a sentence that nobody has read."""
    held = [*vars(flux_notifications).values(), *vars(flux_images).values()]
    declared = {value.code for value in held if isinstance(value, Message)}
    assert declared - {row.code for row in ROWS} == set()
