"""Images whose newest version is looked up and deployed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.model.app import App
    from argoflux.resource import Resource
    from argoflux.text import Path

SEMVER, NEWEST, ALPHABETICAL, DIGEST = "semver", "newest-build", "alphabetical", "digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageUpdate:
    """One image of an app.

    ``image`` is the name without a tag, ``constraint`` what stands in the place of the tag.
    ``strategy`` is one of the four above, or what the author wrote when it is none of them.
    ``allow`` is as written (``any``, ``regexp:<expression>``), ``ignore`` are globs on tags. ``helm_*`` and
    ``plugin_*`` are names of parameters. ``stated`` says for each setting where it is stated.
    """

    alias: str
    image: str
    constraint: str = ""
    strategy: str = SEMVER
    allow: str = ""
    ignore: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    pull_secret: str = ""
    force: bool = False
    kustomize_name: str = ""
    helm_name: str = ""
    helm_tag: str = ""
    helm_spec: str = ""
    plugin: bool = False
    verify: str = ""
    stated: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteBack:
    """Where found versions are written: ``argocd`` the Application itself, ``git`` a commit."""

    method: str = "argocd"
    secret: str = ""
    branch: str = ""
    push_branch: str = ""
    repository: str = ""
    target: str = ""
    pull_request: str = ""
    stated: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ImageUpdates:
    """All image updates of one app.

    ``resource`` is what states them, ``updater`` the object that selected the app, by which of its
    rules.
    """

    resource: Resource
    updater: Resource | None = None
    rule: int = -1
    images: tuple[ImageUpdate, ...]
    write_back: WriteBack = field(default_factory=WriteBack)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Policy:
    """Which tag of an image is the newest; ``repository`` is the ImageRepository it looks at.

    ``off`` says that either is suspended, ``lowest`` that the lowest tag wins.
    """

    resource: Resource
    repository: Resource | None = None
    image: ImageUpdate | None = None
    lowest: bool = False
    off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Marker:
    """A comment in a file that says: this value follows a policy.

    ``where`` is file and line, ``form`` what the value is: ``kustomization`` an entry of a
    kustomization file, ``values`` a value of a release, ``overrides`` an image of a Kustomization
    of Flux, ``manifest`` an image elsewhere, ``other`` none. ``name`` is the image's name in the
    entry, or the path of the value; ``part`` is ``name``, ``tag``, ``digest`` or empty.
    """

    where: str
    policy: str
    part: str
    form: str
    name: str = ""
    app: App | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Automation:
    """Commits of new tags to a repository; ``looked`` says whether its files were at hand."""

    resource: Resource
    branch: str = ""
    push_branch: str = ""
    looked: bool = False
    off: bool = False
    markers: tuple[Marker, ...] = ()
    policies: tuple[str, ...] = ()
