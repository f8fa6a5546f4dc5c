"""Revisions of a repository without a checkout."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from argoflux.errors import InputError
from argoflux.workspace.repo import commit_of, contents_of, copy_revision, files_of, work_tree
from argoflux.workspace.sources import origin_url


def git(folder: Path, *args: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", "-C", str(folder), *who, *args], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two commits; the second removes one file and changes another."""
    root = tmp_path / "fleet"
    (root / "apps").mkdir(parents=True)
    git(root, "init", "-q", "-b", "main", ".")
    git(root, "remote", "add", "origin", "https://git.example.com/fleet.git")
    (root / "apps" / "a.yaml").write_bytes("a: \u00e4\n".encode())
    (root / "apps" / "b b.yaml").write_text("")
    (root / "notes.txt").write_text("no manifest")
    (root / "link.yaml").symlink_to("/etc/passwd")
    git(root, "add", ".")
    git(root, "commit", "-qm", "first")
    (root / "apps" / "a.yaml").write_text("a: 2\n")
    (root / "apps" / "b b.yaml").unlink()
    git(root, "commit", "-qam", "second")
    return root


def test_files_of_a_commit(repository: Path) -> None:
    commit = commit_of(str(repository), "HEAD~1")
    blobs = files_of(str(repository), commit)
    assert [blob.path for blob in blobs] == ["apps/a.yaml", "apps/b b.yaml", "notes.txt"]
    found = {blob.path: data for blob, data in contents_of(str(repository), blobs)}
    assert found["apps/a.yaml"] == "a: \u00e4\n".encode()
    assert found["apps/b b.yaml"] == b""


def test_a_copy_has_the_same_paths(repository: Path, tmp_path: Path) -> None:
    copy = copy_revision(
        "HEAD~1",
        [str(repository / "apps"), str(repository / "later")],
        str(repository / "apps"),
        str(tmp_path / "copy"),
        (".yaml",),
    )
    assert origin_url(copy.root) == "https://git.example.com/fleet.git"
    assert copy.paths == (".",)
    assert sorted(path.name for path in Path(copy.cwd).iterdir()) == ["a.yaml", "b b.yaml"]
    assert not (Path(copy.root) / "link.yaml").exists(), "a link could lead anywhere"
    assert not (Path(copy.root) / "notes.txt").exists()


@pytest.mark.parametrize("revision", ["gone", "--all", "HEAD:apps/a.yaml", ""])
def test_what_is_no_commit_is_said(repository: Path, revision: str) -> None:
    with pytest.raises(InputError, match="is no revision"):
        commit_of(str(repository), revision)


def test_outside_of_a_work_tree(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is in no Git repository"):
        work_tree(str(tmp_path))
