"""The ImagePolicy of an image update, or why there is none.

Facts: image-reflector-controller:api/v1/imagepolicy_types.go, internal/policy/semver.go (full
versions only); argocd-image-updater:pkg/image/version.go, docs/basics/update-strategies.md,
docs/configuration/images.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from argoflux.flux.emit_gates import has_field
from argoflux.goports import globs
from argoflux.goports.semver import Constraint, SemverError, Version
from argoflux.model.image_update import ALPHABETICAL, DIGEST, NEWEST, SEMVER, ImageUpdate

_KIND = "ImagePolicy"
_LATEST = "latest"
_ANY = "any"
_REGEXP = "regexp:"
_META = re.compile(r"[*?\[\\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """``problem`` says why there is no policy: a word that the rows know, empty when there is one.

    ``pattern`` keeps the tags that it matches. ``digest`` makes the digest of a tag count.
    """

    choice: dict[str, Any] = field(default_factory=dict)
    pattern: str = ""
    digest: bool = False
    problem: str = ""


def policy_for(image: ImageUpdate, flux: str) -> Policy:
    """How the newest version is chosen."""
    problem = _problem(image, flux)
    if problem:
        return Policy(problem=problem)
    pattern = image.allow.removeprefix(_REGEXP) if image.allow.startswith(_REGEXP) else ""
    match image.strategy:
        case strategy if strategy == ALPHABETICAL:
            return Policy(choice={"alphabetical": {"order": "asc"}}, pattern=pattern)
        case strategy if strategy == DIGEST:
            tag = re.escape(image.constraint or _LATEST)
            return Policy(
                choice={"alphabetical": {"order": "asc"}}, pattern=f"^{tag}$", digest=True
            )
        case _:
            return Policy(choice={"semver": {"range": image.constraint or "*"}}, pattern=pattern)


def _problem(image: ImageUpdate, flux: str) -> str:
    """Why Flux cannot choose as Argo CD's image updater does; empty when it can."""
    if not image.image:
        return "constraint"
    if image.strategy == NEWEST:
        return "newest"
    if image.strategy == DIGEST and not has_field(flux, _KIND, "spec.digestReflectionPolicy"):
        return "digest"
    if "*" in image.ignore:
        return "off"
    if image.allow not in {"", _ANY} and not image.allow.startswith(_REGEXP):
        return "allow"
    if _by_version(image) and image.constraint and not _is_range(image.constraint):
        return "constraint"
    return "ignore" if any(_matters(glob, image) for glob in image.ignore) else ""


def _is_range(text: str) -> bool:
    try:
        Constraint.parse(text)
    except SemverError:
        return False
    return True


def _by_version(image: ImageUpdate) -> bool:
    """Unknown strategies count as ``semver`` (argocd-image-updater:pkg/image/options.go)."""
    return image.strategy not in {NEWEST, ALPHABETICAL, DIGEST}


def is_overlooked(tag: str, policy: Policy) -> bool:
    """Whether the policy takes a tag for no version although Argo CD's image updater does.

    fluxcd/pkg:version/version.go ParseVersion wants three numbers, Masterminds' NewVersion one.
    """
    if "semver" not in policy.choice or not tag:
        return False
    try:
        Version.parse(tag)
    except SemverError:
        return False
    try:
        Version.parse_strict(tag.removeprefix("v"))
    except SemverError:
        return True
    return False


def is_known_strategy(strategy: str) -> bool:
    """Whether the image updater knows a strategy."""
    return strategy in {SEMVER, NEWEST, ALPHABETICAL, DIGEST}


def _matters(glob: str, image: ImageUpdate) -> bool:
    """Whether ignoring the tags of a glob could change which tag is chosen.

    A range without a pre-release takes no version with a hyphen, and what does not begin like a
    version is none.
    """
    if image.strategy == DIGEST:
        try:
            return globs.filepath_match(glob, image.constraint or _LATEST)
        except globs.GlobError:
            return False
    if image.strategy == ALPHABETICAL:
        return True
    first = glob[:1]
    if not (first.isdigit() or first == "v" or _META.match(first)):
        return False
    literal = _META.split(glob)
    hyphenated = any("-" in part for part in literal)
    return not (hyphenated and "-" not in image.constraint)
