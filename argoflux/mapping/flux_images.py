"""Image automation of Flux: ImageRepository, ImagePolicy, ImageUpdateAutomation, and markers."""

from __future__ import annotations

from typing import Any

from argoflux.mapping.concept import Concept, Note, equivalent, exact, on, says
from argoflux.mapping.conditions import fact, key_and_value
from argoflux.mapping.verdict import Message, Verdict

F2A_IMG_001 = Message(
    code="F2A-IMG-001",
    verdict=Verdict.MANUAL,
    text="the registry login of {name} (`{value}`) has to stand in the namespace of the ImageUpdater",
    instead="copy the Secret there, or configure a login in registries.conf of the image updater",
    tags=("security",),
)
F2A_IMG_002 = Message(
    code="F2A-IMG-002",
    verdict=Verdict.MANUAL,
    text="{name} picks the lowest tag (order `desc`), which the image updater cannot; no image was written for it",
    instead="give tags that grow",
)
F2A_IMG_003 = Message(
    code="F2A-IMG-003",
    verdict=Verdict.APPROXIMATE,
    text="the numerical policy {name} was replaced by `newest-build`: the time of the build counts, not the number",
    instead="check that newer builds have higher numbers",
)
F2A_IMG_004 = Message(
    code="F2A-IMG-004",
    verdict=Verdict.APPROXIMATE,
    text="{name} sorts by a part of the tag (`{value}`); the image updater sorts by the whole tag or by the time of the build",
    instead="check which tag is picked",
)
F2A_IMG_005 = Message(
    code="F2A-IMG-005",
    verdict=Verdict.APPROXIMATE,
    text="`digestReflectionPolicy: {value}` of {name} pins digests, which the image updater does for a fixed tag alone; it was dropped",
    instead="use the strategy `digest` with a fixed tag",
    tags=("security",),
)
F2A_IMG_006 = Message(
    code="F2A-IMG-006",
    verdict=Verdict.NONE,
    text="push options and refspecs of {name} have no counterpart and were dropped",
    instead="push to a branch, and let CI open the pull request",
)
F2A_IMG_007 = Message(
    code="F2A-IMG-007",
    verdict=Verdict.MANUAL,
    text="commits of {name} (`{key}`) are configured for the whole image updater",
    instead="set author, message template and signing key in argocd-image-updater-config; templates have other variables there",
)
F2A_IMG_008 = Message(
    code="F2A-IMG-008",
    verdict=Verdict.MANUAL,
    text="{where} updates a manifest that is no part of a kustomization; the image updater does not write there",
    instead="add an entry to `images` of a kustomization.yaml beside it, and mark that one",
)
F2A_IMG_009 = Message(
    code="F2A-IMG-009",
    verdict=Verdict.MANUAL,
    text="{where} updates `{field}`, which is no container image",
    instead="use a range of versions in `targetRevision`",
)
F2A_IMG_010 = Message(
    code="F2A-IMG-010",
    verdict=Verdict.UNKNOWN,
    text="{where} names the policy {policy}, which is not in the input",
    instead="add the policy to the input, or correct the marker",
)
F2A_IMG_011 = Message(
    code="F2A-IMG-011",
    verdict=Verdict.APPROXIMATE,
    text="new tags of {app} are written to its Application, not to Git: a parent that heals itself takes them back",
    instead="let the parent ignore differences of the images and parameters, or keep them in a file of the path",
)
F2A_IMG_012 = Message(
    code="F2A-IMG-012",
    verdict=Verdict.MANUAL,
    text="{name} takes part in no image update that was converted{why}",
    instead="write an ImageUpdater by hand, or convert it together with the files that carry its markers",
)
F2A_IMG_013 = Message(
    code="F2A-IMG-013",
    verdict=Verdict.MANUAL,
    text="{where} belongs to no Application that was converted",
    instead="convert it together with the object that applies it",
)
F2A_IMG_014 = Message(
    code="F2A-IMG-014",
    verdict=Verdict.APPROXIMATE,
    text="`{key}` of {name} is set for a whole registry in the image updater; it was dropped",
    instead="set it in registries.conf of argocd-image-updater-config",
)
F2A_IMG_015 = Message(
    code="F2A-IMG-015",
    verdict=Verdict.APPROXIMATE,
    text="tags that {name} leaves out (`{value}`) are an expression; `ignoreTags` takes globs, and it was dropped",
    instead="state the wanted tags with `allowTags`",
)
F2A_IMG_016 = Message(
    code="F2A-IMG-016",
    verdict=Verdict.EQUIVALENT,
    text="the markers of {name} stay in the files as comments; the image updater does not read them",
)

_R, _P, _A = "ImageRepository", "ImagePolicy", "ImageUpdateAutomation"


def _row(
    slot: str, sentence: str, kind: str, paths: tuple[str, ...], *notes: Note, subtree: bool = False
) -> Concept:
    return Concept(
        slot=f"image_updates.{slot}",
        says=sentence,
        flux=tuple(on(kind, path, subtree=subtree) for path in paths),
        to_argo=notes,
    )


def _is(*values: str) -> Any:
    return lambda value, _ctx: value in values


_UNUSED = says(F2A_IMG_012, when=fact("unused"))
_OFF = equivalent(when=fact("suspended"))
_COMMIT = says(F2A_IMG_007, facts=key_and_value)
_REGISTRY = says(F2A_IMG_014, facts=key_and_value)

# image-reflector-controller:api/v1, image-automation-controller:api/v1;
# argocd-image-updater:api/v1alpha1/imageupdater_types.go, docs/configuration
ROWS = (
    _row("images", "The image.", _R, ("spec.image",), _OFF, _UNUSED, equivalent()),
    _row("period", "How often tags are listed.", _R, ("spec.interval",), equivalent()),
    _row("timeout", "How long listing tags may take.", _R, ("spec.timeout",), _REGISTRY),
    _row(
        "pull_secret",
        "Credentials for the registry.",
        _R,
        ("spec.secretRef.name", "spec.serviceAccountName"),
        _OFF,
        says(F2A_IMG_001),
    ),
    _row(
        "provider",
        "The cloud whose identity opens the registry.",
        _R,
        ("spec.provider",),
        equivalent(when=_is("generic")),
        _OFF,
        says(F2A_IMG_001),
    ),
    _row(
        "registry",
        "How the registry is reached.",
        _R,
        ("spec.certSecretRef.name", "spec.proxySecretRef.name", "spec.insecure"),
        equivalent(when=lambda value, _ctx: value is False),
        _REGISTRY,
    ),
    _row(
        "exclusions",
        "Tags that are left out.",
        _R,
        ("spec.exclusionList[]",),
        equivalent(when=_is(r"^.*\.sig$")),
        says(F2A_IMG_015),
    ),
    _row(
        "access",
        "Namespaces whose policies may use the repository; an ImageUpdater names the image itself.",
        _R,
        ("spec.accessFrom.namespaceSelectors[].matchLabels",),
        equivalent(),
        subtree=True,
    ),
    _row(
        "suspended",
        "Whether updates are off: nothing is written then.",
        _R,
        ("spec.suspend",),
        equivalent(),
    ),
    _row("suspended", "Whether updates are off.", _P, ("spec.suspend",), equivalent()),
    _row("suspended", "Whether updates are off.", _A, ("spec.suspend",), equivalent()),
    _row(
        "repository",
        "The repository whose tags count.",
        _P,
        ("spec.imageRepositoryRef.name", "spec.imageRepositoryRef.namespace"),
        _OFF,
        _UNUSED,
        exact(),
    ),
    _row(
        "versions",
        "Which versions are allowed.",
        _P,
        ("spec.policy.semver.range",),
        _OFF,
        _UNUSED,
        equivalent(),
    ),
    _row(
        "strategy",
        "How tags are sorted as text.",
        _P,
        ("spec.policy.alphabetical.order",),
        _OFF,
        says(F2A_IMG_002, when=_is("desc")),
        _UNUSED,
        exact(),
    ),
    _row(
        "strategy",
        "How tags are sorted as numbers.",
        _P,
        ("spec.policy.numerical.order",),
        _OFF,
        says(F2A_IMG_002, when=_is("desc")),
        _UNUSED,
        says(F2A_IMG_003),
    ),
    _row(
        "allow_tags",
        "Which tags count.",
        _P,
        ("spec.filterTags.pattern",),
        _OFF,
        _UNUSED,
        exact(),
    ),
    _row(
        "extract",
        "The part of a tag that is sorted by.",
        _P,
        ("spec.filterTags.extract",),
        _OFF,
        says(F2A_IMG_004),
    ),
    _row(
        "digest",
        "Whether the digest of the tag is pinned.",
        _P,
        ("spec.digestReflectionPolicy",),
        equivalent(when=_is("Never")),
        says(F2A_IMG_005),
    ),
    _row("period", "How often the digest is looked up.", _P, ("spec.interval",), equivalent()),
    _row(
        "repository_written",
        "The repository that is written to.",
        _A,
        tuple(f"spec.sourceRef.{key}" for key in ("apiVersion", "kind", "name", "namespace")),
        _OFF,
        _UNUSED,
        equivalent(),
    ),
    _row(
        "branch",
        "The branch that is read, and the one that is written.",
        _A,
        ("spec.git.checkout.ref.branch", "spec.git.push.branch"),
        _OFF,
        _UNUSED,
        equivalent(),
    ),
    _row(
        "revision",
        "A revision that is read which is no branch.",
        _A,
        tuple(f"spec.git.checkout.ref.{key}" for key in ("commit", "name", "semver", "tag")),
        says(F2A_IMG_006),
    ),
    _row("push", "How is pushed.", _A, ("spec.git.push.refspec",), says(F2A_IMG_006)),
    _row("push", "How is pushed.", _A, ("spec.git.push.options",), says(F2A_IMG_006), subtree=True),
    _row(
        "commit",
        "Author, message and signature of commits.",
        _A,
        tuple(
            f"spec.git.commit.{key}"
            for key in (
                "author.email",
                "author.name",
                "messageTemplate",
                "signingKey.secretRef.name",
                "signingKey.type",
            )
        ),
        _COMMIT,
    ),
    _row(
        "commit_values",
        "Values for the message of commits.",
        _A,
        ("spec.git.commit.messageTemplateValues",),
        _COMMIT,
        subtree=True,
    ),
    _row("period", "How often images are updated.", _A, ("spec.interval",), equivalent()),
    _row(
        "policies",
        "Which policies take part.",
        _A,
        tuple(
            f"spec.policySelector.matchExpressions[].{key}"
            for key in ("key", "operator", "values[]")
        ),
        _OFF,
        _UNUSED,
        equivalent(),
    ),
    _row(
        "policy_labels",
        "Which policies take part, by labels.",
        _A,
        ("spec.policySelector.matchLabels",),
        _OFF,
        _UNUSED,
        equivalent(),
        subtree=True,
    ),
    _row(
        "target",
        "The folder whose files are written.",
        _A,
        ("spec.update.path", "spec.update.strategy"),
        _OFF,
        _UNUSED,
        says(F2A_IMG_016),
    ),
)
