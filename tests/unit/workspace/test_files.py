"""Which files are taken, which are left out, and what is said about those that cannot be read."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from argoflux.errors import InputError
from argoflux.workspace import files as files_module
from argoflux.workspace.files import Limits, discover, relevant

APP = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\n"


def names(root: Path, *paths: str, **more) -> list[str]:
    found = discover(paths or (".",), cwd=str(root), **more)
    return [file.name for file in found.files]


def messages(root: Path, *paths: str, **more) -> list[tuple[str, str]]:
    found = discover(paths or (".",), cwd=str(root), **more)
    assert all(finding.code == "AF007" for finding in found.findings)
    return [(finding.place.source.name, finding.message) for finding in found.findings]


def test_walk_takes_yaml_yml_and_json_with_our_words_in_the_order_of_names(write):
    root = write(
        {
            "b/app.yml": APP,
            "a.yaml": APP,
            "c.json": '{"apiVersion": "source.toolkit.fluxcd.io/v1"}',
            "d.txt": APP,
            "e.yaml": "kind: Deployment\n",
        }
    )
    assert names(root) == ["a.yaml", "b/app.yml", "c.json"]


def test_a_named_file_of_any_suffix_is_taken_and_counted_once(write):
    root = write({"app.txt": APP, "x/a.yaml": APP})
    assert names(root, "app.txt", "x", "x/a.yaml", "./x/../x") == ["app.txt", "x/a.yaml"]


@pytest.mark.parametrize("skipped", [".git", "node_modules", ".terraform", ".cache"])
def test_folders_that_hold_no_manifests_are_skipped(write, skipped):
    root = write({f"{skipped}/a.yaml": APP, ".github/a.yaml": APP})
    assert names(root) == [".github/a.yaml"]


@pytest.mark.parametrize("ignore_file", [".gitignore", ".argofluxignore"])
@pytest.mark.parametrize("git", [True, False])
def test_ignore_files_work_nested_and_with_exceptions(write, ignore_file, git):
    root = write(
        {
            ignore_file: "drafts/\n*.gen.yaml\n!keep.gen.yaml\n",
            f"sub/{ignore_file}": "/only-here.yaml\n",
            "drafts/a.yaml": APP,
            "x.gen.yaml": APP,
            "keep.gen.yaml": APP,
            "only-here.yaml": APP,
            "sub/only-here.yaml": APP,
            "sub/deep/only-here.yaml": APP,
            **({".git/HEAD": "x"} if git else {}),
        }
    )
    assert names(root) == ["keep.gen.yaml", "only-here.yaml", "sub/deep/only-here.yaml"]


def test_ignore_files_above_the_path_count_inside_a_git_tree_only(write):
    files = {".gitignore": "*.gen.yaml\n", "sub/a.gen.yaml": APP, "sub/b.yaml": APP}
    root = write(files)
    assert names(root, "sub") == ["sub/a.gen.yaml", "sub/b.yaml"]
    write({".git/HEAD": "x"})
    assert names(root, "sub") == ["sub/b.yaml"]


def test_a_folder_that_is_asked_for_is_read_although_it_is_ignored(write):
    root = write({".git/HEAD": "x", ".gitignore": "out/\n", "out/a.yaml": APP})
    assert names(root) == []
    assert names(root, "out") == ["out/a.yaml"]


def test_git_info_exclude_counts_and_a_bad_pattern_is_left_out(write):
    root = write({".git/info/exclude": "!\na.yaml\n", "a.yaml": APP, "b.yaml": APP})
    assert names(root) == ["b.yaml"]


def test_missing_path_ends_the_run(write):
    root = write({"a.yaml": APP})
    with pytest.raises(InputError, match=r"path `no\\x1bpe` does not exist"):
        discover(["no\x1bpe"], cwd=str(root))


def test_empty_folder_gives_nothing_and_no_finding(tmp_path):
    found = discover(["."], cwd=str(tmp_path))
    assert (found.files, found.findings, found.seen) == ((), (), 0)


def test_standard_input_has_its_own_name_and_no_prefilter(tmp_path):
    found = discover(["-"], stdin=io.BytesIO(b"kind: X\n"), stdin_name="in.yaml", cwd=str(tmp_path))
    assert [(f.name, f.path, f.data) for f in found.files] == [("in.yaml", "", b"kind: X\n")]


def test_standard_input_beyond_the_limit_is_a_finding(tmp_path):
    data = io.BytesIO(b"x" * 50)
    assert messages(tmp_path, "-", stdin=data, limits=Limits(size=10)) == [
        ("<stdin>", "file is larger than 0 MiB, skipped; split it to have it read")
    ]


def test_a_link_inside_the_tree_is_followed_but_nothing_is_taken_twice(write):
    root = write({".git/HEAD": "", "given/a.yaml": APP, "other/b.yaml": APP, "other/x/c.yaml": APP})
    (root / "given/again.yaml").symlink_to(root / "given/a.yaml")
    (root / "given/far").symlink_to(root / "other")
    (root / "given/file.yaml").symlink_to(root / "other/b.yaml")
    assert names(root, "given") == ["given/a.yaml", "given/far/b.yaml", "given/far/x/c.yaml"]


def test_links_in_circles_end(write):
    root = write({"a/b/app.yaml": APP})
    (root / "a/b/up").symlink_to(root / "a")
    (root / "loop").symlink_to(root / "loop")
    (root / "x.yaml").symlink_to(root / "y.yaml")
    (root / "y.yaml").symlink_to(root / "x.yaml")
    assert names(root) == ["a/b/app.yaml"]


def test_a_link_out_of_the_tree_is_reported_and_not_followed(write, tmp_path):
    root = write({"repo/a.yaml": APP, "outside/secret.yaml": APP})
    (root / "repo/out").symlink_to(root / "outside")
    (root / "repo/one.yaml").symlink_to(root / "outside/secret.yaml")
    (root / "repo/gone.yaml").symlink_to(root / "repo/nothing")
    (root / "repo/tool").symlink_to("/bin/sh")
    assert names(root, "repo") == ["repo/a.yaml"]
    assert messages(root, "repo") == [
        ("repo/gone.yaml", "symbolic link leads nowhere, skipped"),
        ("repo/one.yaml", "symbolic link leaves the tree, not followed"),
        ("repo/out", "symbolic link leaves the tree, not followed"),
    ]


def test_unreadable_files_and_folders_are_findings(write, monkeypatch):
    root = write({"a.yaml": APP, "b.yaml": APP, "locked/c.yaml": APP})
    real_open, real_scandir = os.open, os.scandir

    def deny_open(path, *rest):
        if str(path).endswith("a.yaml"):
            raise PermissionError(13, "Permission denied")
        return real_open(path, *rest)

    def deny_scandir(path):
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return real_scandir(path)

    monkeypatch.setattr(os, "open", deny_open)
    monkeypatch.setattr(os, "scandir", deny_scandir)
    assert names(root) == ["b.yaml"]
    assert messages(root) == [
        ("a.yaml", "cannot read the file: permission denied"),
        ("locked", "cannot read the folder: permission denied"),
    ]
    with pytest.raises(InputError, match="`locked`: cannot read the folder: permission denied"):
        discover(["locked"], cwd=str(root))


def test_a_large_file_without_our_words_passes_quietly_and_with_them_it_is_reported(write):
    filler = "x: y\n" * 1000
    root = write({"quiet.yaml": filler, "loud.yaml": filler + APP})
    assert names(root, limits=Limits(size=100)) == []
    assert [name for name, _ in messages(root, limits=Limits(size=100))] == ["loud.yaml"]


def test_a_word_across_two_pieces_of_a_large_file_is_found(write, monkeypatch):
    monkeypatch.setattr(files_module, "_CHUNK", 7)
    for shift in range(7):
        root = write({f"s{shift}.yaml": "#" * (20 + shift) + APP})
    assert len(messages(root, limits=Limits(size=8))) == 7


def test_a_pipe_that_looks_like_a_manifest_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    assert names(tmp_path) == []


def test_control_characters_and_undecodable_bytes_never_reach_a_name(tmp_path):
    (tmp_path / "evil\x1b[31m\nname.yaml").write_text(APP)
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xff.yaml")).write_text(APP)
    assert names(tmp_path) == ["b\\udcff.yaml", "evil\\x1b[31m\\nname.yaml"]


def test_names_are_relative_to_the_working_directory(write):
    root = write({"repo/a.yaml": APP, "cwd/x": ""})
    assert names(root / "cwd", "../repo") == ["../repo/a.yaml"]
    assert names(root / "cwd", str(root / "repo")) == ["../repo/a.yaml"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (APP.encode(), True),
        (b"x: fluxcd", True),
        (b"name: argocd-cm", True),
        (APP.encode("utf-16"), True),
        (b"kind: Deployment", False),
        (b"", False),
    ],
)
def test_prefilter(data, expected):
    assert relevant(data) is expected


def test_kustomization_files_with_patches_are_noted(write):
    root = write(
        {"a/kustomization.yaml": "patches: []\n", "b/kustomization.yaml": "resources: []\n"}
    )
    found = discover(["."], cwd=str(root))
    assert found.patching == (str(root / "a/kustomization.yaml"),)
    assert found.seen == 2
