"""Signatures of Git sources, which Argo CD verifies by rules of projects.

argo-cd:util/sourceintegrity (the tag where an annotated one is checked out, else the commit; ids of
keys and of what they belong to), argo-cd:docs/user-guide/source-integrity-git-gpg.md;
source-controller:internal/controller/gitrepository_controller.go verifySignature.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.mapping.concept import Concept, equivalent, on, says
from argoflux.mapping.conditions import fact
from argoflux.mapping.verdict import Message, Verdict

if TYPE_CHECKING:
    from argoflux.mapping.concept import Context

F2A_GIT_012 = Message(
    code="F2A-GIT-012",
    verdict=Verdict.APPROXIMATE,
    text="signatures of {url} are verified by a rule of project {signature_project} for its Applications alone, by the ids of keys ({key_ids})",
    instead="merge settings/argocd-gpg-keys-cm.yaml into argocd-gpg-keys-cm before the project is applied",
    tags=("security",),
)
F2A_GIT_013 = Message(
    code="F2A-GIT-013",
    verdict=Verdict.MANUAL,
    text="{ssh_keys} of Secret {value} are SSH keys, and Argo CD verifies signatures of OpenPGP only ({url})",
    instead="sign with OpenPGP keys, or let the Git server refuse what is not signed",
    tags=("security",),
)
F2A_GIT_014 = Message(
    code="F2A-GIT-014",
    verdict=Verdict.APPROXIMATE,
    text="mode {mode} of {url} became `head`, {mode_difference}",
    instead="{mode_remedy}",
    tags=("security",),
)
F2A_GIT_023 = Message(
    code="F2A-GIT-023",
    verdict=Verdict.MANUAL,
    text="signatures of {url} are not verified any more: {unverified}",
    instead="list the key ids in the AppProject of its Applications, and import the keys into argocd-gpg-keys-cm",
    tags=("security",),
)
F2A_GIT_024 = Message(
    code="F2A-GIT-024",
    verdict=Verdict.MANUAL,
    text="not all keys for signatures of {url} are known ({keys_unread}): project {signature_project} trusts {key_ids}, and its Applications are not synced where another key has signed",
    instead="list the ids that `gpg --show-keys --keyid-format long` prints, and import the keys with `argocd gpg add`",
    tags=("security",),
)


def _unverified(_value: Any, ctx: Context) -> dict[str, Any]:
    return {"unverified": ctx.fact("unverified") or "it is the source of one of several made alike"}


ROWS = (
    Concept(
        slot="part.source.verify.mode",
        says="What must be signed: the commit, the tag, or both.",
        flux=(on("GitRepository", "spec.verify.mode", "HEAD"),),
        to_argo=(
            equivalent(when=fact("renders_nothing")),
            says(F2A_GIT_014, when=fact("mode_difference")),
            equivalent(when=fact("signature_project")),
            says(F2A_GIT_023, facts=_unverified),
        ),
    ),
    Concept(
        slot="part.source.verify.secret",
        says="The public keys that are trusted.",
        flux=(on("GitRepository", "spec.verify.secretRef.name"),),
        to_argo=(
            equivalent(when=fact("renders_nothing")),
            says(F2A_GIT_013, when=fact("ssh_keys")),
            says(F2A_GIT_024, when=fact("keys_unread")),
            says(F2A_GIT_012, when=fact("signature_project")),
            says(F2A_GIT_023, facts=_unverified),
        ),
    ),
)
