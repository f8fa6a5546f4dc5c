"""Which folder stands for a repository, and how that is known."""

from __future__ import annotations

import pytest

from argoflux.errors import UsageError
from argoflux.model.content import Unknown
from argoflux.workspace.sources import LocalSources, LocalTree, origin_url
from argoflux.workspace.tree import Tree

URL = "https://github.com/org/fleet.git"


def sources(root, *overrides, asked=(), bases=(".",)):
    tree = Tree(str(root))
    for base in bases:
        tree.add(str(root / base) if base != "." else str(root))
    return LocalSources(tree, overrides, [str(root / path) for path in asked])


def git(url: str) -> dict[str, str]:
    config = (
        f'[core]\n\turl = no\n[remote "other"]\n\turl = wrong\n[remote "origin"]\n\turl = {url}\n'
    )
    return {".git/config": config, "apps/a.yaml": ""}


@pytest.mark.parametrize(
    "origin",
    [
        URL,
        "https://github.com/org/fleet",
        "git@github.com:org/fleet.git",
        "ssh://git@github.com/Org/Fleet",
        "https://token:secret@github.com/org/fleet.git/",
    ],
)
def test_origin_in_any_spelling_proves_the_work_tree(write, origin):
    root = write(git(origin))
    assert sources(root).resolve(URL) == LocalTree(str(root), "origin")


def test_an_override_wins_by_url_or_by_object(write):
    root = write({**git(URL), "copy/x": "", "other/x": ""})
    found = sources(root, f"{URL}=copy", "GitRepository/flux-system/apps=other")
    assert found.resolve(URL) == LocalTree(str(root / "copy"), "override")
    assert found.resolve(URL, owner="GitRepository/flux-system/apps") == LocalTree(
        str(root / "other"), "override"
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [("nothing", "has no `=`"), ("https://a/b=gone", "`gone` is not a folder"), ("=x", "no `=`")],
)
def test_a_bad_override_ends_the_run(tmp_path, text, problem):
    with pytest.raises(UsageError, match=problem):
        sources(tmp_path, text)


def test_a_bad_override_does_not_print_credentials(tmp_path):
    with pytest.raises(UsageError) as caught:
        sources(tmp_path, "https://user:hunter2@host/repo")
    assert "hunter2" not in caught.value.message


def test_paths_that_all_exist_make_a_folder_assumed(write):
    root = write({"given/apps/a/x": "", "given/infra/x": ""})
    found = sources(root, asked=["given"], bases=["given"])
    assumed = LocalTree(str(root / "given"), "assumed")
    assert found.resolve(URL, ["./apps/a", "infra/", "."]) == assumed
    assert isinstance(found.resolve(URL, ["apps/a", "gone"]), Unknown)
    assert isinstance(found.resolve(URL, [".", "", "/"]), Unknown)
    assert isinstance(found.resolve(URL), Unknown)


def test_a_folder_between_the_path_and_the_file_can_be_the_repository(write):
    root = write({"given/team/repo/apps/x": "", "given/team/repo/argo/app.yaml": ""})
    found = sources(root, asked=["given"], bases=["given"])
    assert isinstance(found.resolve(URL, ["apps"]), Unknown)
    assert found.resolve(
        URL, ["apps"], used_in=[str(root / "given/team/repo/argo/app.yaml")]
    ) == LocalTree(str(root / "given/team/repo"), "assumed")


def test_paths_cannot_leave_the_repository():
    tree = LocalTree("/repo", "override")
    assert tree.path("./apps/../base") == "/repo/base"
    assert tree.path("../../etc/passwd") == "/repo/etc/passwd"
    assert tree.path("") == tree.path(".") == tree.path("/") == "/repo"


def test_origin_of_linked_work_trees_and_broken_configurations(write):
    root = write(
        {
            "main/.git/config": f'[remote "origin"]\nurl = {URL}\n',
            "main/.git/worktrees/w/commondir": "../..\n",
            "linked/.git": "gitdir: ../main/.git/worktrees/w\n",
            "broken/.git": "no such thing",
            "empty/.git/HEAD": "",
        }
    )
    assert origin_url(str(root / "linked")) == URL
    assert origin_url(str(root / "broken")) == ""
    assert origin_url(str(root / "empty")) == ""
    assert origin_url(str(root / "nothing")) == ""


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        (["a", "b", "c", "gone"], True),
        (["a", "b", "c", "gone", "lost"], False),
        (["a", "b", "gone"], False),
        (["./a", "b/", "c", ""], True),
    ],
)
def test_a_copy_that_holds_most_paths(write, paths, found):
    """Three of four paths tell a repository, where three are there at least."""
    root = write({f"{name}/x.yaml": "" for name in "abc"} | {"clusters/ks.yaml": ""})
    used_in = [str(root / "clusters" / "ks.yaml")]
    likely = sources(root, asked=["."]).mostly(paths, used_in)
    assert (likely == LocalTree(str(root), "assumed")) is found
