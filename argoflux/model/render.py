"""How manifests are produced from a source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A kustomize image override; None leaves what the kustomization file says."""

    name: str
    new_name: str | None = None
    new_tag: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """A kustomize patch: inline text or a file in the repository, and what it applies to."""

    patch: str | None = None
    path: str | None = None
    target: Mapping[str, str] | None = None
    options: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replicas:
    """A replica count for the workloads of one name."""

    name: str
    count: int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """Manifests read from a directory.

    ``include`` and ``exclude`` are gobwas globs on the path below the directory, without separator.
    """

    recurse: bool = False
    include: str | None = None
    exclude: str | None = None
    any_extension: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kustomize:
    """A kustomize build with edits on top of the repository's kustomization file.

    ``labels`` are set on top-level metadata only when ``label_selectors`` is false, on pod
    templates too with ``label_templates``, and on selectors with ``label_selectors``.
    ``annotations_on_templates`` tells kustomize's commonAnnotations from metadata-only ones.
    """

    name_prefix: str | None = None
    name_suffix: str | None = None
    namespace: str | None = None
    images: tuple[Image, ...] = ()
    replicas: tuple[Replicas, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    label_selectors: bool = False
    label_templates: bool = False
    force_labels: bool = False
    annotations: Mapping[str, str] = field(default_factory=dict)
    annotations_on_templates: bool = False
    force_annotations: bool = False
    patches: tuple[Patch, ...] = ()
    components: tuple[str, ...] = ()
    ignore_missing_components: bool | None = None
    build_metadata: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A ``--set`` or ``--set-string`` value of a chart."""

    name: str
    value: str
    force_string: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Helm:
    """A Helm chart with its values.

    ``values_files`` are paths from the source's root (a leading ``/`` is dropped on load) or what
    the author wrote when that is no path of the source (URLs, ``$ref/…``). ``post_renderers`` are
    kustomize edits of what the chart renders, in order, then ``labels`` and ``annotations``.
    """

    release_name: str
    values: Mapping[str, Any] | None = None
    values_files: tuple[str, ...] = ()
    replaces_defaults: bool = False
    ignore_missing_values_files: bool | None = None
    parameters: tuple[Parameter, ...] = ()
    file_parameters: tuple[tuple[str, str], ...] = ()
    skip_crds: bool = False
    skip_tests: bool = False
    skip_schema_validation: bool | None = None
    pass_credentials: bool | None = None
    namespace: str | None = None
    reconcile_on: str = "revision"  # revision | chart-version
    post_renderers: tuple[Mapping[str, Any], ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A way of rendering that argoflux only names: plugin, Jsonnet, or undecided."""

    tool: str


Render = Plain | Kustomize | Helm | Opened
