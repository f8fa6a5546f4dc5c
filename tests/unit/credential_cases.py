"""Argo CD Secrets in short texts, and what a conversion to Flux makes of them."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from argoflux.mapping.emission import ConvertOptions
from argoflux.text import path_text
from argoflux.yamlio.dump import dump_documents
from tests.convert_run import FLUX, convert_texts

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.convert.result import Conversion

LABEL = "argocd.argoproj.io/secret-type"
ABSENT = "…"


def secret(kind: str, title: str = "s", /, **values: str) -> dict[str, Any]:
    """A Secret of Argo CD with its values as text."""
    metadata = {"name": title, "namespace": "argocd", "labels": {LABEL: kind}}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": values}


def encoded(plain: dict[str, Any]) -> dict[str, Any]:
    """The same Secret with its values in ``data``."""
    held = {
        key: base64.b64encode(text.encode()).decode() for key, text in plain["stringData"].items()
    }
    return {key: value for key, value in plain.items() if key != "stringData"} | {"data": held}


def repository(url: str, title: str = "s", /, **values: str) -> dict[str, Any]:
    return secret("repository", title, url=url, **values)


def template(url: str, title: str = "t", /, **values: str) -> dict[str, Any]:
    return secret("repo-creds", title, url=url, **values)


def cluster(config: Any, title: str = "c", /, **values: str) -> dict[str, Any]:
    stated = {"name": "edge", "server": "https://10.0.0.1", **values}
    text = config if isinstance(config, str) else json.dumps(config)
    return secret("cluster", title, config=text, **stated)


def config_map(name: str, /, **data: str) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "argocd"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def app(url: str, name: str = "app", **more: Any) -> dict[str, Any]:
    """An automated Application; ``source`` and ``destination`` add to the usual ones."""
    source = {"repoURL": url, "targetRevision": "main", "path": "deploy"}
    spec = {
        "project": more.get("project", "default"),
        "source": more.get("source") or source,
        "destination": more.get("destination") or {"name": "in-cluster", "namespace": "web"},
        "syncPolicy": {"automated": {"prune": True, "selfHeal": True}},
    }
    metadata = {"name": name, "namespace": "argocd"}
    kind = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application"}
    return {**kind, "metadata": metadata, "spec": spec}


def external(labels_in: str, **data: str) -> dict[str, Any]:
    """An ExternalSecret that makes a repository Secret; its label may be its own."""
    labels = {LABEL: "repository"}
    metadata: dict[str, Any] = {"name": "made", "namespace": "argocd"}
    made: dict[str, Any] = {"data": data} if data else {}
    if labels_in == "template":
        made["metadata"] = {"labels": labels}
    else:
        metadata["labels"] = labels
    return {
        "apiVersion": "external-secrets.io/v1",
        "kind": "ExternalSecret",
        "metadata": metadata,
        "spec": {
            "secretStoreRef": {"name": "vault"},
            "target": {"name": "shop-repo", "template": made},
            "data": [{"secretKey": "TOKEN", "remoteRef": {"key": "shop"}}],
        },
    }


def project(name: str) -> dict[str, Any]:
    """An AppProject that lets its Applications go anywhere."""
    spec = {
        "sourceRepos": ["*"],
        "destinations": [{"server": "*", "namespace": "*"}],
        "clusterResourceWhitelist": [],
    }
    kind = {"apiVersion": "argoproj.io/v1alpha1", "kind": "AppProject"}
    return {**kind, "metadata": {"name": name, "namespace": "argocd"}, "spec": spec}


@dataclass
class Result:
    """A conversion, and short ways to ask what came of it."""

    conversion: Conversion

    def all(self, kind: str) -> list[dict[str, Any]]:
        return [dict(d.body) for d in self.conversion.documents if d.body["kind"] == kind]

    def one(self, kind: str, name: str = "") -> dict[str, Any]:
        found = [body for body in self.all(kind) if name in {"", body["metadata"]["name"]}]
        assert len(found) == 1, [body["metadata"]["name"] for body in self.all(kind)]
        return found[0]

    def spec(self, kind: str, name: str = "") -> dict[str, Any]:
        return dict(self.one(kind, name)["spec"])

    def held(self, name: str = "") -> dict[str, Any]:
        """The stringData of a Secret."""
        return dict(self.one("Secret", name)["stringData"])

    def fate(self, path: str, within: str = "") -> tuple[str, str | None]:
        """Verdict and code of an input leaf."""
        entry = next(
            entry
            for entry in self.conversion.entries
            if not entry.origin and path_text(entry.path) == path and within in entry.resource
        )
        return str(entry.verdict), entry.code

    def targets(self, path: str, within: str = "") -> list[str]:
        return [
            str(target)
            for entry in self.conversion.entries
            if not entry.origin and path_text(entry.path) == path and within in entry.resource
            for target in entry.targets
        ]

    def codes(self) -> set[str]:
        return {message.code for message in self.conversion.messages}

    def text(self, code: str) -> str:
        """The sentence and the remedy of a message."""
        found = [m for m in self.conversion.messages if m.code == code]
        assert found, self.codes()
        return f"{found[0].text} / {found[0].instead}"

    def outcome(self, name: str) -> tuple[str, str]:
        """What became of an input object, and why."""
        found = [o for o in self.conversion.outcomes if o.resource.ref.name == name]
        assert len(found) == 1
        return found[0].outcome, found[0].reason


def to_flux(
    folder: Path, *objects: dict[str, Any], flux: str = FLUX, include: bool = False, **options: Any
) -> Result:
    """Convert objects to Flux; every message must be whole and every leaf accounted for."""
    chosen = ConvertOptions(include_secrets=include, **options)
    texts = {"all.yaml": dump_documents(objects)}
    _, conversion = convert_texts(folder, texts, "flux", chosen, flux=flux)
    assert conversion.findings == ()
    for message in conversion.messages:
        assert ABSENT not in message.text + message.instead, message
        assert "None" not in message.text + message.instead, message
    return Result(conversion)
