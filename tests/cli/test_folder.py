"""The output folder: nothing leaves it, nothing foreign is replaced, nothing is half-written."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argoflux.commands.folder import compare, own_paths, safe_path, write
from argoflux.errors import InputError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

FILES = {"apps/a.yaml": "a\n", "report.json": ""}


def report(*files: str) -> str:
    return json.dumps({"kind": "ConversionReport", "files": list(files)})


def put(folder: Path, files: dict[str, str], **options: bool) -> None:
    write(compare(str(folder), files, **options), files)


@pytest.mark.parametrize(
    "path",
    [
        "../x",
        "/etc/passwd",
        "a/../../x",
        "..",
        ".",
        "",
        "//",
        "a/./b",
        "C:\\x\\..\\y",
        "..\\x",
        "a\x00b",
        "a\nb",
        ".git/hooks/pre-commit",
        ".GIT/config",
        "x" * 300,
        "\ud800",
    ],
)
def test_hostile_paths_stay_inside(path: str, tmp_path: Path) -> None:
    safe = safe_path(path)
    folder = tmp_path / "out"
    put(folder, {safe: "x"})
    (written,) = [found for found in tmp_path.rglob("*") if found.is_file()]
    assert written.is_relative_to(folder)
    assert ".git" not in {part.lower() for part in written.relative_to(tmp_path).parts}


@given(st.text(max_size=40), st.text(max_size=40))
def test_safe_paths_are_stable_and_distinct(one: str, other: str) -> None:
    steps = safe_path(one).split("/")
    assert not {"", ".", ".."} & set(steps)
    assert safe_path(safe_path(one)) == safe_path(one)
    if [s for s in one.split("/") if s] != [s for s in other.split("/") if s] and one and other:
        assert safe_path(one) != safe_path(other)


def test_identical_content_is_no_write(tmp_path: Path) -> None:
    put(tmp_path, FILES)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    changes = compare(str(tmp_path), FILES)
    write(changes, FILES)
    assert changes.same == tuple(sorted(FILES))
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_files_of_the_folders_own_report_may_be_replaced(tmp_path: Path) -> None:
    put(tmp_path, {"apps/a.yaml": "old\n", "report.json": report("apps/a.yaml")})
    put(tmp_path, {"apps/a.yaml": "new\n", "report.json": report("apps/a.yaml")})
    assert (tmp_path / "apps/a.yaml").read_text() == "new\n"


@pytest.mark.parametrize(
    "listed", [report(), '{"kind": "Other", "files": ["apps/a.yaml"]}', "[" * 5000, "no json"]
)
def test_anything_else_needs_force_and_nothing_is_written_before(
    tmp_path: Path, listed: str
) -> None:
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps/a.yaml").write_text("mine\n")
    (tmp_path / "report.json").write_text(listed)
    files = {"apps/a.yaml": "new\n", "apps/b.yaml": "b\n"}
    with pytest.raises(InputError, match=r"apps/a\.yaml") as caught:
        put(tmp_path, files)
    assert "--force" in caught.value.hint
    assert not (tmp_path / "apps/b.yaml").exists()
    put(tmp_path, files, force=True)
    assert (tmp_path / "apps/a.yaml").read_text() == "new\n"


def test_a_foreign_report_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text("{}")
    with pytest.raises(InputError, match=r"report\.json"):
        put(tmp_path, {"report.json": report()})


def test_a_listed_path_outside_of_the_folder_is_ignored(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "report.json").write_text(report("../mine.yaml", "/etc/passwd", "apps/a.yaml"))
    names = {os.path.relpath(path, folder) for path in own_paths(folder)}
    assert names == {"apps/a.yaml", "report.json"}


@pytest.mark.parametrize("force", [False, True])
def test_links_are_never_followed(tmp_path: Path, *, force: bool) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    for name in ("folder", "file"):
        (tmp_path / name).mkdir()
    (tmp_path / "folder/apps").symlink_to(outside)
    (tmp_path / "file/a.yaml").symlink_to(outside / "a.yaml")
    for folder, path in (("folder", "apps/a.yaml"), ("file", "a.yaml")):
        with pytest.raises(InputError, match="in the way"):
            put(tmp_path / folder, {path: "x"}, force=force)
    assert list(outside.iterdir()) == []


def test_force_does_not_replace_an_input(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("input\n")
    with pytest.raises(InputError, match="input"):
        compare(str(tmp_path), {"a.yaml": "x"}, force=True, inputs=[str(tmp_path / "a.yaml")])


def test_a_folder_where_a_file_should_be_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").mkdir()
    with pytest.raises(InputError, match="in the way"):
        compare(str(tmp_path), {"a.yaml": "x"}, force=True)


def test_a_file_is_no_output_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(UsageError, match="not a folder"):
        compare(str(tmp_path / "out"), FILES, shown="out")


def test_files_that_are_no_longer_made_stay_and_are_named(tmp_path: Path) -> None:
    put(tmp_path, {"a.yaml": "a", "b.yaml": "b", "report.json": report("a.yaml", "b.yaml")})
    changes = compare(str(tmp_path), {"a.yaml": "a", "report.json": report("a.yaml")})
    assert changes.stale == ("b.yaml",)
    assert changes.changed == ("report.json",)


def test_a_failing_write_leaves_the_old_file_and_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, {"a.yaml": "old", "report.json": report("a.yaml")})

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", fail)
    with pytest.raises(InputError, match=r"`a\.yaml` cannot be written to the folder: no space"):
        put(tmp_path, {"a.yaml": "new", "report.json": report("a.yaml")})
    assert (tmp_path / "a.yaml").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.yaml", "report.json"]
