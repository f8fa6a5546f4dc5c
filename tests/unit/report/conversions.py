"""Conversions made by hand, for tests of reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.convert.result import (
    Conversion,
    Entry,
    NewDocument,
    NewFile,
    ReportMessage,
    ResourceOutcome,
    Target,
)
from argoflux.finding import Finding, Place, Severity
from argoflux.mapping.verdict import Verdict
from argoflux.resource import Ref, Resource
from argoflux.text import SourceFile, Span
from argoflux.yamlio.load import load_text

if TYPE_CHECKING:
    from argoflux.text import Path

TEXT = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: default
  syncPolicy:
    retry:
      limit: 5
  source:
    helm:
      values: |
        password: hunter2
"""


def resource_from(text: str = TEXT, name: str = "apps/web.yaml") -> Resource:
    """The one resource of a text."""
    (document,) = load_text(SourceFile(name=name, text=text)).documents
    body = document.body
    group, _, version = body["apiVersion"].rpartition("/")
    metadata = body["metadata"]
    ref = Ref(group, body["kind"], metadata.get("namespace", ""), metadata["name"])
    return Resource(ref=ref, version=version, body=body, document=document)


def entry(resource: Resource, path: Path, verdict: Verdict = Verdict.EXACT, **more: Any) -> Entry:
    return Entry(cause=resource, resource=str(resource.ref), path=path, verdict=verdict, **more)


def message(*places: Place, **more: Any) -> ReportMessage:
    given: dict[str, Any] = {
        "code": "A2F-SYN-005",
        "verdict": Verdict.MANUAL,
        "text": "`limit` has no counterpart",
        "instead": "watch it",
        "apps": ("Application/argocd/web",),
    }
    return ReportMessage(places=places, **{**given, **more})


def sample(**more: Any) -> Conversion:
    """A conversion with an entry, a message, a document and an invented leaf."""
    resource = resource_from()
    target = Target("Kustomization/flux-system/web", "spec.retryInterval")
    given: dict[str, Any] = {
        "to": "flux",
        "inputs": ("apps",),
        "outcomes": (
            ResourceOutcome(
                resource=resource, outcome="converted", targets=("Kustomization/flux-system/web",)
            ),
        ),
        "entries": (
            entry(resource, ("kind",), Verdict.EQUIVALENT, targets=(target,)),
            entry(resource, ("metadata", "name")),
            entry(
                resource,
                ("spec", "syncPolicy", "retry", "limit"),
                Verdict.MANUAL,
                code="A2F-SYN-005",
            ),
            Entry(
                cause=None,
                resource="Kustomization/flux-system/web",
                path=("spec", "interval"),
                verdict=Verdict.EXACT,
                origin="default",
            ),
        ),
        "messages": (message(resource.place("spec", "syncPolicy", "retry", "limit")),),
        "documents": (
            NewDocument(
                body={"apiVersion": "v1", "kind": "Kustomization", "metadata": {"name": "web"}},
                path="apps/web.yaml",
                header=("made by argoflux from Application/argocd/web (apps/web.yaml)",),
            ),
        ),
        "files": (NewFile(path="kustomization.yaml", text="resources:\n- apps/web.yaml\n"),),
        "options": {"layout": "flat"},
        "facts": ("Flux 2.9 (default)",),
    }
    return Conversion(**{**given, **more})


def broken_file(name: str = "apps/broken.yaml") -> Finding:
    source = SourceFile(name=name, text="a: [\n")
    return Finding(
        code="AF001",
        slug="invalid-yaml",
        severity=Severity.ERROR,
        message="the flow sequence does not end",
        place=Place(source=source, offsets=Span(3, 4)),
    )
