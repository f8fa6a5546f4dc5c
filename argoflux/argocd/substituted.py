"""Kustomizations that fill in variables: Argo CD has no such step, so the result is written to files.

The rendered objects stand in the output folder, and the Application applies them from where that
folder will stand in its repository.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd import application
from argoflux.argocd.drift import put_ignored_differences
from argoflux.argocd.instructions import say_instructions, with_annotations
from argoflux.argocd.sealed import decrypts, is_sealed
from argoflux.mapping.draft import Trace
from argoflux.mapping.emission import Decision, RenderedFile
from argoflux.mapping.revisions import HEAD, spell
from argoflux.mapping.slots import flatten
from argoflux.mapping.variables import F2A_SUB_004, F2A_SUB_011
from argoflux.model.render import Kustomize

if TYPE_CHECKING:
    from argoflux.argocd.writing import Writing

FOLDER = "rendered"
_MANIFESTS = "manifests.yaml"
_TODO = "TODO"
_R = "part.render.kustomize"
_PLUGIN = "render it in a config management plugin (`kustomize build | flux envsubst --strict`, which changes objects labelled `substitute: disabled` too)"


def write_rendered(work: Writing, namespace: str | None, cluster: str | None) -> Decision | None:
    """The Application over rendered objects; None where they cannot, or need not, be written."""
    rendering = work.facts.get("rendering")
    options = work.request.options
    if rendering is None or rendering.outcome != "filled" or not options.to_folder:
        return None
    application.put_project(work)
    _put_source(work)
    slot = f"{_R}.namespace" if _render(work).namespace else ""
    application.put_destination(work, namespace, slot=slot, cluster=cluster)
    put_ignored_differences(work)
    application.put_sync_policy(work)
    application.put_metadata(work)
    work.facts["namespace_mode"] = "override"
    return Decision(kind="Application", facts=work.facts)


def _render(work: Writing) -> Kustomize:
    render = work.part.render
    if not isinstance(render, Kustomize):
        raise TypeError(f"{work.app.id} is no kustomize build")
    return render


def _put_source(work: Writing) -> None:
    """Where the output will stand; everything that the build states is in the rendered objects."""
    draft, app = work.draft, work.app
    folder = f"{FOLDER}/{draft.name}"
    deploy = work.request.options.deploy_path
    base = _TODO if deploy is None else deploy
    git = work.git
    origin = work.request.origins.get(app.root, "")
    url = origin or (git.url if git is not None else _TODO)
    revision = spell(git.revision) if git is not None and not origin else HEAD
    draft.put("spec.source.repoURL", url, slot="part.source.url", origin="derived")
    draft.put("spec.source.targetRevision", revision, slot="part.source.revision", origin="derived")
    path = "/".join(part for part in (base, folder) if part)
    draft.put("spec.source.path", path, slot="part.path")
    draft.put("spec.source.directory.recurse", value=False, origin="derived")
    draft.deploys = {("spec", "source", "path"): (base, folder)}
    for slot in (*flatten(_render(work), _R), "part.render.variables"):
        draft.traces.append(Trace(("spec", "source", "path"), slot, "derived"))
    rendering = work.facts["rendering"]
    kept = (o for o in rendering.objects if not (decrypts(work) and is_sealed(o)))
    objects = tuple(with_annotations(o) for o in kept)
    say_instructions(work)
    file = RenderedFile(root=app.root, path=f"{folder}/{_MANIFESTS}", objects=objects)
    work.emission.rendered.append(file)
    work.say(F2A_SUB_011, folder=path, url=url)


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
