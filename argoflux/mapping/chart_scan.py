"""What the files of a chart tell without rendering it: dependencies, hooks, CRDs, functions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from argoflux.text import SourceFile
from argoflux.yamlio.load import load_text

if TYPE_CHECKING:
    from argoflux.model.files import SourceFiles

_ACTION = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_UNSTEADY = re.compile(
    r"(?<![\w.$])(lookup|randAlphaNum|randAlpha|randNumeric|randAscii|randBytes|randInt|genCA\w*|"
    r"genSelfSignedCert\w*|genSignedCert\w*|genPrivateKey|uuidv4|now|htpasswd|bcrypt)\b"
    r"|\.Release\.(IsUpgrade|IsInstall|Revision)\b"
)
_CRDS = re.compile(r"(charts/[^/]+/)*crds/")
_PACKED = re.compile(r"(charts/[^/]+/)*charts/[^/]+\.tgz")
_KEEP = re.compile(r"helm\.sh/resource-policy[\"']?\s*:\s*[\"']?keep")
_HOOK = re.compile(r"helm\.sh/hook[\"']?\s*:\s*[\"']?[\w, -]*(pre|post)-install")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartFacts:
    """Dependencies from elsewhere with their repositories, what templates use, and crds/ folders.

    ``keeps`` says that some object is marked to outlive its release, ``whole`` that nothing of the
    chart is packed or comes from elsewhere.
    """

    dependencies: int = 0
    repositories: tuple[str, ...] = ()
    unsteady: tuple[str, ...] = ()
    hooks: bool = False
    keeps: bool = False
    crds: bool = False
    whole: bool = False


def scan_chart(files: SourceFiles, path: str) -> ChartFacts | None:
    """Look at ``Chart.yaml`` and the templates below ``path``; None when there is no chart."""
    prefix = "" if path == "." else f"{path}/"
    text = files.read(f"{prefix}Chart.yaml")
    if text is None:
        return None
    chart = _body(text)
    repositories = _repositories(chart)
    own = [name.removeprefix(prefix) for name in files.names() if name.startswith(prefix)]
    unsteady: set[str] = set()
    hooks = keeps = False
    for name in files.names():
        if not name.startswith(f"{prefix}templates/"):
            continue
        template = files.read(name) or ""
        for action in _ACTION.findall(template):
            unsteady.update(match[1] or match[2] for match in _UNSTEADY.finditer(action))
        hooks = hooks or _HOOK.search(template) is not None
        keeps = keeps or _KEEP.search(template) is not None
    return ChartFacts(
        dependencies=len(repositories),
        repositories=tuple(sorted(set(repositories))),
        unsteady=tuple(sorted(unsteady)),
        hooks=hooks,
        keeps=keeps,
        crds=any(map(_CRDS.match, own)),
        whole=not (isinstance(chart, dict) and chart.get("dependencies"))
        and not any(map(_PACKED.match, own)),
    )


def _body(text: str) -> Any:
    documents = load_text(SourceFile("Chart.yaml", text)).documents
    return documents[0].body if documents else None


def _repositories(chart: Any) -> list[str]:
    """The repository of every dependency that is not vendored beside the chart."""
    found = chart.get("dependencies") if isinstance(chart, dict) else None
    entries = (
        [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
    )
    texts = [entry.get("repository") for entry in entries]
    return [
        text for text in texts if isinstance(text, str) and text and not text.startswith("file:")
    ]


_ARGO_HOOK = re.compile(r"argocd\.argoproj\.io/hook[\"']?\s*:")
_WAVE = re.compile(r"argocd\.argoproj\.io/sync-wave[\"']?\s*:\s*(.*)")
_FIRST_WAVE = re.compile(r"[\"']?[-+]?0*[\"']?\s*(#.*)?")
_LISTED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartOrder:
    """The template files of a chart that name hooks and waves of Argo CD, below its folder."""

    hooks: tuple[str, ...] = ()
    waves: tuple[str, ...] = ()


def scan_order(files: SourceFiles, path: str) -> ChartOrder:
    """Look for Argo CD's hooks, and for waves other than the first, in the templates of a chart."""
    prefix = "" if path == "." else f"{path}/"
    hooks: list[str] = []
    waves: list[str] = []
    for name in files.names():
        inner = name.removeprefix(prefix)
        if not name.startswith(prefix) or not _is_template(inner):
            continue
        text = files.read(name) or ""
        if _ARGO_HOOK.search(text):
            hooks.append(inner)
        if any(not _FIRST_WAVE.fullmatch(value.strip()) for value in _WAVE.findall(text)):
            waves.append(inner)
    return ChartOrder(hooks=_shown(hooks), waves=_shown(waves))


def _is_template(inner: str) -> bool:
    return inner.startswith("templates/") or (
        inner.startswith("charts/") and "/templates/" in inner
    )


def _shown(names: list[str]) -> tuple[str, ...]:
    more = len(names) - _LISTED
    return (*names[:_LISTED], f"{more} more") if more > 0 else tuple(names)
