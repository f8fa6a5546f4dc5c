"""New manifests as a stream and as files."""

from __future__ import annotations

from argoflux.convert.result import NewDocument
from argoflux.report.manifests import render_stream, render_tree
from argoflux.text import SourceFile
from argoflux.yamlio.load import load_text
from tests.unit.report.conversions import sample


def document(name: str, header: tuple[str, ...] = (), path: str = "apps/a.yaml") -> NewDocument:
    body: dict[str, object] = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
    return NewDocument(body=body, path=path, header=header)


def test_each_document_of_a_stream_stands_below_its_origin() -> None:
    text = render_stream([document("a", ("from x",)), document("b")])
    assert text == (
        "# from x\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n"
        "---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: b\n"
    )


def test_a_header_cannot_leave_its_comment() -> None:
    text = render_stream([document("a", ("x\nkind: Secret\r\u2028data: y",))])
    (loaded,) = load_text(SourceFile(name="x", text=text)).documents
    assert loaded.body == {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a"}}


def test_documents_of_one_path_share_a_file() -> None:
    tree = render_tree(sample(documents=(document("a"), document("b")), patch="diff --git a b\n"))
    assert sorted(tree) == ["apps/a.yaml", "kustomization.yaml", "repo-changes.patch"]
    assert tree["apps/a.yaml"].count("---\n") == 1
