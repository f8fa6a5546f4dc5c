"""What holds for every set of mistakes: fixing comes to an end, and takes nothing else away."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from argoflux.lint.context import Context
from argoflux.lint.engine import lint
from argoflux.lint.fix import ROUNDS, fixed_files
from argoflux.lint.registry import examples_of, rule_names
from argoflux.lint.select import select
from argoflux.text import SourceFile
from argoflux.workspace.read import read
from argoflux.yamlio.load import load_text

if TYPE_CHECKING:
    from argoflux.lint.result import Lint

TEXTS = sorted(
    {
        example.yaml
        for name in rule_names()
        for example in examples_of(name.code)[0]
        if example.fixed and example.yaml
    }
)


def look(file: Path, *, argocd: str, flux: str) -> Lint:
    workspace = read([str(file)], cwd=str(file.parent))
    context = Context(workspace=workspace, argocd=argocd, flux=flux, today="2026-11-01")
    return lint(context, select())


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(TEXTS), min_size=1, max_size=4),
    st.booleans(),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["2.5", "2.7", "2.9"]),
)
def test_fixing_ends_and_keeps_what_it_is_not_about(
    texts: list[str], unsafe: bool, newline: str, flux: str
) -> None:
    """Comments and documents stay, no error comes, and a second run changes nothing."""
    comments = [f"# document {number}, kept by hand" for number in range(len(texts))]
    whole = "---\n".join(f"{note}\n{text}" for note, text in zip(comments, texts, strict=True))
    with TemporaryDirectory() as folder:
        file = Path(folder, "all.yaml")
        file.write_bytes(whole.replace("\n", newline).encode())
        before = _source(file)
        for _ in range(ROUNDS):
            made = fixed_files(look(file, argocd="3.5", flux=flux).findings, unsafe=unsafe)
            if not made:
                break
            file.write_bytes(made[0].data)
        else:
            raise AssertionError("fixing does not end")
        after = _source(file)
    assert len(load_text(after).documents) == len(load_text(before).documents)
    assert ("\r" in after.text) == ("\r" in before.text)
    for note in comments:
        assert note in after.text


def _source(file: Path) -> SourceFile:
    return SourceFile(file.name, file.read_bytes().decode())
