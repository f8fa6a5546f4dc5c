"""Where content comes from, and which version of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from argoflux.finding import Place
    from argoflux.goports.openpgp import PublicKey

RevisionKind = Literal["head", "branch", "tag", "semver", "commit", "name", "short", "digest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """Which version of a Git repository, or of an artifact in a registry.

    ``head`` is the remote's default branch, ``name`` a full ref that is neither branch nor tag,
    ``short`` an abbreviated commit or a name made of hexadecimal characters (not decidable from
    the text). Artifacts have a ``tag``, a ``digest`` or a ``semver`` constraint. A ``semver`` value is the constraint as written; two constraints are the same when
    their canonical forms are. ``guessed`` marks a kind read from the look of the name.
    """

    kind: RevisionKind
    value: str
    guessed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verify:
    """Signature verification of commits or tags.

    ``keys`` are those that the Secret is known to hold, ``ssh`` names its entries that hold keys of
    SSH, ``unread`` says what else is known of it: why not all of it is understood.
    """

    mode: str
    secret: str = ""
    keys: tuple[PublicKey, ...] = ()
    ssh: tuple[str, ...] = ()
    unread: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretKeys:
    """The keys of a Secret that a source object refers to, by the field that names it.

    ``host`` is where the source is fetched from.
    """

    secret: str
    host: str
    reference: str
    keys: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class GitSource:
    """A Git repository at a revision.

    ``url`` keeps the author's spelling. ``ignore`` is gitignore text that replaces Flux's default
    exclusions. ``secret`` names the credentials beside the source object.
    """

    url: str
    revision: Revision
    name: str = ""
    submodules: bool | None = None
    ignore: str | None = None
    sparse: tuple[str, ...] = ()
    verify: Verify | None = None
    provider: str | None = None
    secret: str | None = None
    proxy: str | None = None
    suspended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How a repository of charts or a registry is reached: the source object and what it refers to.

    ``name`` is that of the source object, the others name objects beside it. ``provider`` is a
    cloud whose identity is used; ``insecure`` allows plain HTTP.
    """

    name: str = ""
    secret: str | None = None
    certificate: str | None = None
    proxy: str | None = None
    provider: str | None = None
    insecure: bool | None = None
    suspended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HelmSource:
    """A chart in a Helm repository served over HTTP; ``version`` is a version or a constraint."""

    url: str
    chart: str
    version: str = ""
    access: Access = field(default_factory=Access)


@dataclass(frozen=True, slots=True, kw_only=True)
class OciSource:
    """An artifact in a registry: ``url`` is registry and path, without scheme and tag.

    ``chart`` is set when the artifact is known to be a Helm chart, or known to be none. A tag keeps
    the ``+`` of a version, which registries write as ``_``. ``layer`` is the media type of the layer
    that counts, where an installation names one of its own. ``by_name`` says that a repository of
    charts and the name of a chart were stated, and not the artifact.
    """

    url: str
    revision: Revision
    chart: bool | None = None
    layer: str | None = None
    ignore: str | None = None
    by_name: bool = False
    access: Access = field(default_factory=Access)


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketSource:
    """A bucket of an object store."""

    endpoint: str
    bucket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactSource:
    """The output of another controller (ExternalArtifact)."""

    kind: str
    namespace: str
    name: str


Source = GitSource | HelmSource | OciSource | BucketSource | ArtifactSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A reference to credentials; values never enter the model."""

    kind: str
    namespace: str
    name: str
    keys: tuple[str, ...] = field(default=())
