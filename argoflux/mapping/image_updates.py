"""Image updates: which new versions of an image are deployed, and where they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.mapping.concept import (
    Concept,
    Context,
    Mount,
    Note,
    On,
    equivalent,
    exact,
    on,
    says,
)
from argoflux.mapping.conditions import key_and_value
from argoflux.mapping.stated_at import items_at, of_some, some
from argoflux.mapping.verdict import Message, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from argoflux.mapping.stated_at import Item

A2F_IMG_001 = Message(
    code="A2F-IMG-001",
    verdict=Verdict.MANUAL,
    text="Flux cannot tell which tag of {image} was built last; no ImagePolicy was written for it",
    instead="give tags that sort (a timestamp, a counter) and an ImagePolicy with `filterTags.extract` and `policy.numerical`",
)
A2F_IMG_002 = Message(
    code="A2F-IMG-002",
    verdict=Verdict.EQUIVALENT,
    text="{policy} follows the digest of one tag of {image} with `digestReflectionPolicy: Always`",
)
A2F_IMG_003 = Message(
    code="A2F-IMG-003",
    verdict=Verdict.MANUAL,
    text="no expression of Flux leaves out the tags of {image} that are ignored; no ImagePolicy was written for it",
    instead="write an ImagePolicy whose `filterTags.pattern` matches the wanted tags alone",
)
A2F_IMG_004 = Message(
    code="A2F-IMG-004",
    verdict=Verdict.APPROXIMATE,
    text="new tags of {app} changed the Application in the cluster; Flux commits them to Git, through the GitRepository {source}",
    instead="give the Secret of {source} write access",
)
A2F_IMG_005 = Message(
    code="A2F-IMG-005",
    verdict=Verdict.MANUAL,
    text="Flux opens no pull requests on {host}; it pushes to a branch",
    instead="set `git.push.branch` and let CI open the pull request",
)
A2F_IMG_006 = Message(
    code="A2F-IMG-006",
    verdict=Verdict.EQUIVALENT,
    text="new tags of {app} are committed through the GitRepository {source}; the image updater used {secret}",
    instead="give the Secret of {source} write access",
)
A2F_IMG_007 = Message(
    code="A2F-IMG-007",
    verdict=Verdict.NONE,
    text="Flux looks at the tags of {image}, not at the platforms behind them",
    instead="publish a tag when it is there for all platforms",
)
A2F_IMG_008 = Message(
    code="A2F-IMG-008",
    verdict=Verdict.NONE,
    text="Flux does not check signatures of {image} before it writes a tag",
    instead="verify images at admission, with a policy engine",
    tags=("security",),
)
A2F_IMG_009 = Message(
    code="A2F-IMG-009",
    verdict=Verdict.UNKNOWN,
    text="`{value}` makes the image updater take no tag of {image}; no ImagePolicy was written for it",
    instead="correct the constraint, or the function in front of the expression",
)
A2F_IMG_010 = Message(
    code="A2F-IMG-010",
    verdict=Verdict.MANUAL,
    text="the tag that {image} has now is not known: {unknown} of {object} holds `TODO`",
    instead="write the tag that runs now; Flux replaces it from then on",
)
A2F_IMG_011 = Message(
    code="A2F-IMG-011",
    verdict=Verdict.EQUIVALENT,
    text="`*` among the ignored tags of {image} switches its updates off; no ImagePolicy was written for it",
)
A2F_IMG_012 = Message(
    code="A2F-IMG-012",
    verdict=Verdict.MANUAL,
    text="Secret {secret} in {namespace} {task}",
    instead="`flux create secret oci` makes one",
    tags=("security",),
)
A2F_IMG_013 = Message(
    code="A2F-IMG-013",
    verdict=Verdict.EQUIVALENT,
    text="{app} is neither a chart nor a kustomize build: the image updater leaves it alone, and nothing was written",
)
A2F_IMG_014 = Message(
    code="A2F-IMG-014",
    verdict=Verdict.MANUAL,
    text="parameters of plugins have no counterpart: {image} of {app} is not kept up to date",
    instead="mark the image where the rendered manifests have it",
)
A2F_IMG_015 = Message(
    code="A2F-IMG-015",
    verdict=Verdict.APPROXIMATE,
    text="tags of {app} are written to {object}; `{value}` of its repository is left as it is",
    instead="take the tag out of that file after the move",
)
A2F_IMG_016 = Message(
    code="A2F-IMG-016",
    verdict=Verdict.APPROXIMATE,
    text="it was assumed that the GitRepository {source} delivers the converted objects, from its folder {path}",
    instead="correct `sourceRef` and `update.path` of the ImageUpdateAutomation",
    tags=("evidence",),
)
A2F_IMG_017 = Message(
    code="A2F-IMG-017",
    verdict=Verdict.EQUIVALENT,
    text="`{key}` plays no part in any image update of the input and was dropped",
)
A2F_IMG_018 = Message(
    code="A2F-IMG-018",
    verdict=Verdict.MANUAL,
    text="there is no place in {object} that Flux could write the tag of {image} to",
    instead="mark the value where it stands, with a comment that names an ImagePolicy",
)
A2F_IMG_019 = Message(
    code="A2F-IMG-019",
    verdict=Verdict.APPROXIMATE,
    text="the branch `{value}` is a template; Flux pushes to `{push}` every time",
    instead="choose a name that CI looks at",
)
A2F_IMG_020 = Message(
    code="A2F-IMG-020",
    verdict=Verdict.APPROXIMATE,
    text="tags are committed to the repository of the GitRepository {source}, not to {value}",
    instead="move commit hooks and protections along",
)
A2F_IMG_021 = Message(
    code="A2F-IMG-021",
    verdict=Verdict.UNKNOWN,
    text="`{value}` is no update strategy; the image updater takes `semver` then, and so does the ImagePolicy",
    instead="correct the spelling",
)
A2F_IMG_022 = Message(
    code="A2F-IMG-022",
    verdict=Verdict.EQUIVALENT,
    text="`{key}` is no annotation that the image updater reads; it was dropped",
)
A2F_IMG_023 = Message(
    code="A2F-IMG-023",
    verdict=Verdict.MANUAL,
    text="Flux {flux} does not follow digests; no ImagePolicy was written for {image}",
    instead="upgrade to Flux 2.6, or use tags that do not move",
)
A2F_IMG_024 = Message(
    code="A2F-IMG-024",
    verdict=Verdict.APPROXIMATE,
    text="{app} is selected by {updaters}: they overwrite each other in Argo CD; the first one was converted",
    instead="let one of them select it",
)
A2F_IMG_025 = Message(
    code="A2F-IMG-025",
    verdict=Verdict.MANUAL,
    text="no Application that is converted is selected here; nothing was written for it",
    instead="convert it together with the Applications that it selects",
)
A2F_IMG_026 = Message(
    code="A2F-IMG-026",
    verdict=Verdict.APPROXIMATE,
    text="{image} has the tag {overlooked} now, which Flux takes for no version: only tags with three numbers count",
    instead="publish tags such as 1.2.3, or sort with `filterTags.extract` and `policy.numerical`",
)

IMAGES = "image_updates"
"""The fact with what became of the images that a leaf speaks for, by path."""
WRITE_BACKS = "write_backs"
"""The fact with where tags are written, for the leaves that say so, by path."""

_K = "ImageUpdater"
_NOTES = "annotations:application"
_P = "argocd-image-updater.argoproj.io"
_REFS = "spec.applicationRefs[]"
_SETTINGS, _WRITE, _VERIFY = "UpdateSettings", "WriteBackConfig", "ImagesVerification"


def _is(problem: str) -> Callable[[Item], bool]:
    return lambda item: bool(item["problem"] == problem)


def _says(message: Message, test: Callable[[Item], bool], name: str = IMAGES) -> Note:
    return says(message, when=some(name, test), facts=of_some(name, test))


def _any(_item: Item) -> bool:
    return True


def _selects_nothing(_value: Any, ctx: Context) -> bool:
    """Whether the rule that a leaf belongs to selects no app; for general settings: no rule does."""
    if ctx.app is not None:
        return False
    rules = ctx.fact("rules") or {}
    numbers = [step for step in ctx.path if isinstance(step, int)]
    below = len(ctx.path) > 1 and ctx.path[1] == "applicationRefs"
    return numbers[0] not in rules if below and numbers else not rules


_UNSELECTED = says(A2F_IMG_025, when=_selects_nothing)


def _unstated(name: str) -> Note:
    return says(
        A2F_IMG_017,
        when=lambda _value, ctx: not items_at(ctx, name),
        facts=key_and_value,
    )


_READ: tuple[Note, ...] = (
    _UNSELECTED,
    _unstated(IMAGES),
    _says(A2F_IMG_013, lambda item: not item["read"]),
)
_PLUGIN = _says(A2F_IMG_014, _is("plugin"))
_NEWEST = _says(A2F_IMG_001, _is("newest"))
_NO_DIGEST = _says(A2F_IMG_023, _is("digest"))
_IGNORED = _says(A2F_IMG_003, _is("ignore"))
_OFF = _says(A2F_IMG_011, _is("off"))
_NO_PLACE = _says(A2F_IMG_018, lambda item: item["problem"] in {"form", "path"})
_NO_RANGE = _says(A2F_IMG_009, _is("constraint"))
_NO_FUNCTION = _says(A2F_IMG_009, _is("allow"))

_UNKNOWN_TAG = _says(A2F_IMG_010, lambda item: bool(item["unknown"]))


def _row(slot: str, sentence: str, argo: tuple[On, ...], *notes: Note) -> Concept:
    return Concept(slot=f"image_updates.{slot}", says=sentence, argo=argo, to_flux=(*_READ, *notes))


def _write_row(slot: str, sentence: str, argo: tuple[On, ...], *notes: Note) -> Concept:
    return Concept(
        slot=f"image_updates.{slot}",
        says=sentence,
        argo=argo,
        to_flux=(
            _UNSELECTED,
            says(
                A2F_IMG_017,
                when=lambda _value, ctx: not any(i["used"] for i in items_at(ctx, WRITE_BACKS)),
                facts=key_and_value,
            ),
            *notes,
        ),
    )


def _setting(field: str, key: str, *, everywhere: bool = True) -> tuple[On, ...]:
    """A setting of images in the object, and as annotation of one image or the Application."""
    notes = (f"{_P}/*.{key}", f"{_P}/{key}") if everywhere else (f"{_P}/*.{key}",)
    return (on(_SETTINGS, field), *(on(_NOTES, note) for note in notes))


# argocd-image-updater:api/v1alpha1/imageupdater_types.go, pkg/argocd/annotations.go,
# docs/configuration/images.md, docs/basics/update-methods.md
ROWS = (
    Mount(kind=_K, path="spec.commonUpdateSettings", table=_SETTINGS),
    Mount(kind=_K, path=f"{_REFS}.commonUpdateSettings", table=_SETTINGS),
    Mount(kind=_K, path=f"{_REFS}.images[].commonUpdateSettings", table=_SETTINGS),
    Mount(kind=_K, path="spec.imagesVerification", table=_VERIFY),
    Mount(kind=_K, path=f"{_REFS}.imagesVerification", table=_VERIFY),
    Mount(kind=_K, path=f"{_REFS}.images[].imagesVerification", table=_VERIFY),
    Mount(kind=_K, path="spec.writeBackConfig", table=_WRITE),
    Mount(kind=_K, path=f"{_REFS}.writeBackConfig", table=_WRITE),
    _row(
        "images",
        "Images that are kept up to date, with the versions that are allowed.",
        (
            on(_NOTES, f"{_P}/image-list"),
            on(_K, f"{_REFS}.images[].imageName"),
            on(_K, f"{_REFS}.images[].alias"),
        ),
        _PLUGIN,
        _NEWEST,
        _NO_DIGEST,
        _IGNORED,
        _NO_PLACE,
        _NO_RANGE,
        _OFF,
        _UNKNOWN_TAG,
        _says(A2F_IMG_026, lambda item: bool(item["overlooked"])),
        equivalent(),
    ),
    _row(
        "strategy",
        "How the newest version of an image is found.",
        _setting("updateStrategy", "update-strategy"),
        _NEWEST,
        _NO_DIGEST,
        _says(A2F_IMG_021, lambda item: not item["known_strategy"]),
        _says(A2F_IMG_002, lambda item: bool(item["digest"])),
        exact(when=some(IMAGES, lambda item: bool(item["by_name"]))),
        equivalent(),
    ),
    _row(
        "allow_tags",
        "Which tags count: an expression that they must match.",
        _setting("allowTags", "allow-tags"),
        _NO_FUNCTION,
        equivalent(),
    ),
    _row(
        "ignore_tags",
        "Which tags do not count.",
        (
            on(_SETTINGS, "ignoreTags[]"),
            on(_NOTES, f"{_P}/*.ignore-tags"),
            on(_NOTES, f"{_P}/ignore-tags"),
        ),
        _IGNORED,
        _OFF,
        equivalent(),
    ),
    _row(
        "force",
        "Whether an image is updated that the Application does not seem to use.",
        _setting("forceUpdate", "force-update"),
        exact(),
    ),
    _row(
        "platforms",
        "Platforms that a tag must be there for.",
        (on(_SETTINGS, "platforms[]"), on(_NOTES, f"{_P}/*.platforms")),
        _says(A2F_IMG_007, _any),
        equivalent(),
    ),
    _row(
        "pull_secret",
        "Credentials for the registry.",
        _setting("pullSecret", "pull-secret"),
        _says(A2F_IMG_012, lambda item: bool(item["task"])),
        equivalent(),
    ),
    Concept(
        slot="image_updates.verify",
        says="Whether the signature of an image is checked before it is used.",
        argo=tuple(
            on(_VERIFY, path) for path in ("enabled", "cosignKey.key", "cosignKey.secretName")
        ),
        to_flux=(
            _UNSELECTED,
            _unstated(IMAGES),
            equivalent(when=lambda _value, ctx: ctx.path[-1:] == ("enabled",) and _value is False),
            _says(A2F_IMG_008, _any),
            equivalent(),
        ),
    ),
    _row(
        "targets",
        "Where the Application has the image: parameters of the chart, or the name in the build.",
        (
            on(_NOTES, f"{_P}/*.kustomize.image-name"),
            on(_NOTES, f"{_P}/*.helm.image-name"),
            on(_NOTES, f"{_P}/*.helm.image-tag"),
            on(_NOTES, f"{_P}/*.helm.image-spec"),
            *(
                on(_K, f"{_REFS}.images[].manifestTargets.{path}")
                for path in (
                    "kustomize.name",
                    "helm.name",
                    "helm.tag",
                    "helm.spec",
                    "plugin.name",
                    "plugin.tag",
                    "plugin.spec",
                )
            ),
        ),
        _PLUGIN,
        _NO_PLACE,
        _UNKNOWN_TAG,
        equivalent(),
    ),
    _write_row(
        "method",
        "Whether new versions are committed to Git, and with which credentials.",
        (on(_NOTES, f"{_P}/write-back-method"), on(_WRITE, "method")),
        _says(A2F_IMG_004, lambda item: item["method"] != "git", WRITE_BACKS),
        _says(A2F_IMG_006, _any, WRITE_BACKS),
        equivalent(),
    ),
    _write_row(
        "branch",
        "The branch that is read, and the one that is written.",
        (on(_NOTES, f"{_P}/git-branch"), on(_WRITE, "gitConfig.branch")),
        _says(A2F_IMG_019, lambda item: bool(item["template"]), WRITE_BACKS),
        equivalent(),
    ),
    _write_row(
        "repository",
        "The repository that is written to, where it is not that of the Application.",
        (on(_NOTES, f"{_P}/git-repository"), on(_WRITE, "gitConfig.repository")),
        _says(A2F_IMG_020, _any, WRITE_BACKS),
        equivalent(),
    ),
    _write_row(
        "target",
        "The file that is written: overrides, a kustomization file, or values.",
        (on(_NOTES, f"{_P}/write-back-target"), on(_WRITE, "gitConfig.writeBackTarget")),
        _says(A2F_IMG_015, _any, WRITE_BACKS),
        equivalent(),
    ),
    _write_row(
        "pull_request",
        "Whether changes are proposed instead of pushed.",
        (
            on(_WRITE, "gitConfig.pullRequest.github", subtree=True),
            on(_WRITE, "gitConfig.pullRequest.gitlab", subtree=True),
        ),
        _says(A2F_IMG_005, _any, WRITE_BACKS),
        equivalent(),
    ),
    Concept(
        slot="image_updates.selection",
        says="Which Applications a rule is for, and whether their annotations count.",
        argo=(
            on(_K, f"{_REFS}.namePattern"),
            on(_K, f"{_REFS}.useAnnotations", default=False),
            on(_K, f"{_REFS}.labelSelectors", subtree=True),
        ),
        to_flux=(_UNSELECTED, equivalent()),
    ),
    Concept(
        slot="image_updates.notes",
        says="Keys of the image updater that it does not read.",
        argo=(on(_NOTES, f"{_P}/*"),),
        to_flux=(says(A2F_IMG_022, facts=key_and_value),),
    ),
)
