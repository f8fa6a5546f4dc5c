"""Kustomizations that fill in variables: what of it can be done for Argo CD, which has no such step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.mapping.variables import F2A_SUB_004

if TYPE_CHECKING:
    from argoflux.argocd.writing import Writing

_PLUGIN = "render it in a config management plugin (`kustomize build | flux envsubst --strict`)"


def note_substitution(work: Writing) -> None:
    """State why variables of the path are not filled in; nothing where no object needs it."""
    rendering = work.facts.get("rendering")
    if rendering is None or rendering.outcome == "untouched":
        return
    names, files = ", ".join(rendering.names), ", ".join(rendering.files)
    path = work.part.path
    why, remedy = {
        "filled": (
            "Argo CD has no substitution, and the rendered objects need files",
            "convert into a folder with -d",
        ),
        "secret": (
            f"{names} come from a Secret and are used in {files}",
            f"move them to objects that read the Secret themselves, or {_PLUGIN}",
        ),
        "unread": (
            f"{names} come from objects that are not in the input",
            "give their manifests as input",
        ),
        "failing": (
            f"{rendering.why}, and Flux {work.request.flux} fails on that",
            "set the variable, or give it a default",
        ),
        "unknown": (
            f"what `{path}` yields is not fully known ({rendering.why})",
            f"give the checkout with --source, or {_PLUGIN}",
        ),
    }[rendering.outcome]
    work.facts["substitution_why"], work.facts["substitution_remedy"] = why, remedy
    if rendering.changed:
        shown = ", ".join(rendering.changed)
        work.say(F2A_SUB_004, files=shown)
