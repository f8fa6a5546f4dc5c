"""Which version of a Git repository is used."""

from __future__ import annotations

from typing import Any

from argoflux.mapping.chart_source import A2F_REV_008, A2F_REV_012, A2F_SRC_023
from argoflux.mapping.concept import Concept, Context, equivalent, exact, on, says
from argoflux.mapping.conditions import fact
from argoflux.mapping.verdict import Message, Verdict

A2F_REV_001 = Message(
    code="A2F-REV-001",
    verdict=Verdict.APPROXIMATE,
    text="`{value}` of {url} was converted to branch `{branch}` without asking the remote; Flux has no HEAD",
    instead="confirm with `git ls-remote --symref {url} HEAD`, or set `--default-branch`",
    tags=("evidence",),
)
A2F_REV_013 = Message(
    code="A2F-REV-013",
    verdict=Verdict.EQUIVALENT,
    text="`{value}` of {url} became branch `{branch}`, which `--default-branch` names for all repositories",
)
A2F_REV_002 = Message(
    code="A2F-REV-002",
    verdict=Verdict.EQUIVALENT,
    text="`{value}` was read as a {kind} by its look; where a branch and a tag share the name, Argo CD picks one at random",
    instead="write refs/heads/{value} or refs/tags/{value} to be sure",
)
A2F_REV_003 = Message(
    code="A2F-REV-003",
    verdict=Verdict.MANUAL,
    text="`{value}` may be a short commit, a tag or a branch; Flux needs to know which",
    instead="give the 40-character commit, refs/tags/{value} or refs/heads/{value}",
)
A2F_REV_004 = Message(
    code="A2F-REV-004",
    verdict=Verdict.EQUIVALENT,
    text="the range `{value}` was kept as `ref.semver`; pre-releases need a `-0` suffix in both",
)
A2F_REV_005 = Message(
    code="A2F-REV-005",
    verdict=Verdict.MANUAL,
    text="`tagPrefix: {value}` has no counterpart for a GitRepository",
    instead="tag without the prefix, or track tags with a ResourceSetInputProvider",
)
A2F_REV_006 = Message(
    code="A2F-REV-006",
    verdict=Verdict.EXACT,
    text="a pinned commit without a branch makes source-controller clone every branch of {url}",
    instead="add `ref.branch` if the repository is large",
)
F2A_GIT_003 = Message(
    code="F2A-GIT-003",
    verdict=Verdict.EXACT,
    text="GitRepository {name} has no `ref`: Flux follows branch master",
)
F2A_GIT_004 = Message(
    code="F2A-GIT-004",
    verdict=Verdict.APPROXIMATE,
    text="`ref` states {fields}; Flux uses the {winner}, and so does the result",
    instead="keep only the one that is meant (the API reference names another order than the code)",
)


def _kind(*kinds: str) -> Any:
    def test(_value: Any, ctx: Context) -> bool:
        return ctx.fact("revision_kind") in kinds

    return test


def _answered(_value: Any, ctx: Context) -> bool:
    """HEAD, of which the user said what it is."""
    return ctx.fact("revision_kind") == "head" and bool(ctx.fact("branch_stated"))


def _head(value: Any, _ctx: Context) -> dict[str, Any]:
    return {"value": value or "HEAD"}


def _bare_branch(value: Any, ctx: Context) -> bool:
    return ctx.fact("revision_kind") == "branch" and not str(value).startswith("refs/")


def _unused_prefix(value: Any, ctx: Context) -> bool:
    """Prefixes only count where a range chooses among tags."""
    return not value or ctx.fact("revision_kind") != "semver"


def _guessed(_value: Any, ctx: Context) -> bool:
    return bool(ctx.fact("revision_guessed"))


def _loses(_value: Any, ctx: Context) -> bool:
    """A second member of ``ref`` that the controller does not look at."""
    winner = ctx.fact("ref_winner")
    return winner is not None and ctx.path[-1] != winner and ctx.path[-1] in ctx.fact("ref_losers")


# argo-cd:util/git/client.go lsRemote, argo-cd:util/versions/tags.go MaxVersion;
# fluxcd/pkg:git/gogit/client.go clone, source-controller:api/v1/gitrepository_types.go
ROWS = (
    Concept(
        slot="part.source.revision",
        says="The branch, tag, commit, ref or version range that is followed.",
        argo=(on("ApplicationSource", "targetRevision", "HEAD"),),
        flux=(
            on("GitRepository", "spec.ref.branch", "master"),
            on("GitRepository", "spec.ref.tag"),
            on("GitRepository", "spec.ref.semver"),
            on("GitRepository", "spec.ref.name"),
            on("GitRepository", "spec.ref.commit"),
        ),
        to_flux=(
            equivalent(when=fact("files_only")),
            says(A2F_REV_013, when=_answered, facts=_head),
            says(A2F_REV_001, when=_kind("head"), facts=_head),
            says(A2F_REV_003, when=_kind("short")),
            says(
                A2F_REV_002,
                when=_guessed,
                facts=lambda _value, ctx: {"kind": ctx.fact("revision_kind")},
            ),
            says(A2F_REV_004, when=_kind("semver")),
            says(A2F_REV_008, when=_kind("chart-partial")),
            says(A2F_REV_012, when=_kind("chart-nothing")),
            says(A2F_SRC_023, when=fact("tag_no_version")),
            # a tag of that name may exist; a full ref cannot be taken for another one
            equivalent(when=_bare_branch),
            exact(),
        ),
        to_argo=(
            # a suspended source: consumers are pinned to the commit of its last artifact
            equivalent(when=lambda _value, ctx: bool(ctx.fact("pinned"))),
            # a branch beside a commit only says what is cloned (fluxcd/pkg:git/gogit/client.go)
            equivalent(
                when=lambda value, ctx: (
                    bool(_loses(value, ctx))
                    and ctx.fact("ref_winner") == "commit"
                    and ctx.path[-1] == "branch"
                )
            ),
            says(F2A_GIT_004, when=_loses),
            equivalent(when=lambda _value, ctx: ctx.path[-1] in {"semver", "name"}),
            exact(),
        ),
    ),
    Concept(
        slot="part.source.tag_prefix",
        says="Only tags with this prefix count for a version range.",
        argo=(on("ApplicationSource", "tagPrefix"),),
        to_flux=(equivalent(when=_unused_prefix), says(A2F_REV_005)),
    ),
)
