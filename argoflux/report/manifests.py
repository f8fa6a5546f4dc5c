"""The new manifests as text: one stream, or one text per file of the output tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.report.escape import visible, without_credentials
from argoflux.yamlio.dump import dump_documents

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from argoflux.convert.result import Conversion, NewDocument

PATCH = "repo-changes.patch"
"""What must change in the user's own repository, for ``git apply``."""


def render_stream(documents: Sequence[NewDocument]) -> str:
    """All documents as one YAML stream, each below a comment that names its source."""
    return "".join(stream_pieces(documents))


def stream_pieces(documents: Sequence[NewDocument]) -> Iterator[str]:
    """The text of ``render_stream``, document by document."""
    for number, document in enumerate(documents):
        yield "---\n" + _document(document) if number else _document(document)


def render_tree(conversion: Conversion) -> dict[str, str]:
    """The text of every file of the output tree by its path, reports excepted."""
    by_path: dict[str, list[NewDocument]] = {}
    for document in conversion.documents:
        by_path.setdefault(document.path, []).append(document)
    tree = {path: render_stream(found) for path, found in by_path.items()}
    tree.update((file.path, file.text) for file in conversion.files)
    if conversion.patch:
        tree[PATCH] = conversion.patch
    return dict(sorted(tree.items()))


def _document(document: NewDocument) -> str:
    comment = "".join(
        f"# {visible(without_credentials(text))}".rstrip() + "\n" for text in document.header
    )
    return comment + dump_documents([document.body])
