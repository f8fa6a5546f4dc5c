"""``argoflux lint --fix``, ``--unsafe-fixes`` and ``--diff`` as a user runs them."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
from pathlib import Path

import pytest

from argoflux.cli.main import main

SOURCE = """\
# who reads this
apiVersion: source.toolkit.fluxcd.io/v1beta2
kind: GitRepository
metadata:
  name: fleet  # ours
  namespace: flux-system
spec:
  interval: 1d
  url: https://git.example.com/fleet.git
  gitImplementation: go-git
"""
FIXED = """\
# who reads this
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: fleet  # ours
  namespace: flux-system
spec:
  interval: 24h
  url: https://git.example.com/fleet.git
"""
APP = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://git.example.com/apps.git
    path: web
    targetRevision: v1.2.3
    directory:
      recuse: true
  destination:
    server: https://kubernetes.default.svc
    namespace: web
"""
ONE = ("--select", "AF1")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = main(args)
    out, err = capsys.readouterr()
    return code, out, err


def test_fixes_that_keep_the_meaning_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    """All of them, also those that meet; comments stay, and a second run has nothing to do."""
    Path("source.yaml").write_text(SOURCE)
    code, out, _ = run(capsys, "lint", "--fix", *ONE)
    assert code == 0
    assert Path("source.yaml").read_text() == FIXED
    assert "2 fixed" in out
    code, out, _ = run(capsys, "lint", "--fix", *ONE)
    assert (code, Path("source.yaml").read_text()) == (0, FIXED)
    assert " fixed\n" not in out


def test_fixes_that_change_what_happens_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """``--fix`` alone leaves them; with ``--unsafe-fixes`` they are made."""
    Path("app.yaml").write_text(APP)
    code, out, _ = run(capsys, "lint", "--fix", *ONE)
    assert (code, Path("app.yaml").read_text()) == (1, APP)
    assert "1 can be fixed with --fix --unsafe-fixes" in out
    code, _, _ = run(capsys, "lint", "--fix", "--unsafe-fixes", *ONE)
    assert (code, Path("app.yaml").read_text()) == (0, APP.replace("recuse", "recurse"))


def test_unsafe_fixes_alone_are_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    """The flag says which fixes, not what to do with them."""
    Path("app.yaml").write_text(APP)
    code, _, err = run(capsys, "lint", "--unsafe-fixes")
    assert code == 2
    assert "--fix to write them" in err


def test_a_variable_says_which_fixes_a_later_fix_makes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a default for runs with ``--fix``, and no mistake in the others."""
    monkeypatch.setenv("ARGOFLUX_UNSAFE_FIXES", "1")
    Path("app.yaml").write_text(APP)
    assert run(capsys, "lint", *ONE)[0] == 1
    assert run(capsys, "lint", "--fix", *ONE)[0] == 0


def test_a_diff_is_printed_and_nothing_written(capsys: pytest.CaptureFixture[str]) -> None:
    """The exit code is about the files as they are."""
    Path("source.yaml").write_text(SOURCE)
    code, out, err = run(capsys, "lint", "--diff", *ONE)
    assert (code, Path("source.yaml").read_text()) == (1, SOURCE)
    assert out == (
        "--- a/source.yaml\n"
        "+++ b/source.yaml\n"
        "@@ -1,10 +1,9 @@\n"
        " # who reads this\n"
        "-apiVersion: source.toolkit.fluxcd.io/v1beta2\n"
        "+apiVersion: source.toolkit.fluxcd.io/v1\n"
        " kind: GitRepository\n"
        " metadata:\n"
        "   name: fleet  # ours\n"
        "   namespace: flux-system\n"
        " spec:\n"
        "-  interval: 1d\n"
        "+  interval: 24h\n"
        "   url: https://git.example.com/fleet.git\n"
        "-  gitImplementation: go-git\n"
    )
    assert "2 findings can be fixed in 1 file\n" in err


def test_a_text_without_a_last_line_break_is_a_valid_diff(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As Git writes it."""
    Path("app.yaml").write_text(APP.rstrip("\n"))
    _, out, _ = run(capsys, "lint", "--diff", "--unsafe-fixes", *ONE)
    assert out.endswith("     namespace: web\n\\ No newline at end of file\n")


def test_stdin_is_printed_with_its_fixes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report goes to stderr, so that the text can be piped on."""
    stream = io.TextIOWrapper(io.BytesIO(SOURCE.encode()))
    monkeypatch.setattr(sys, "stdin", stream)
    code, out, err = run(capsys, "lint", "-", "--fix", *ONE)
    assert (code, out) == (0, FIXED)
    assert "2 fixed" in err


def test_stdin_that_is_right_is_printed_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A filter never swallows what it has nothing to say about."""
    text = "kind: Service\napiVersion: v1\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert run(capsys, "lint", "-", "--fix")[:2] == (0, text)


def test_stdin_that_is_no_text_is_an_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is nothing that could be printed."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"argoproj.io: \xff\n")))
    code, out, err = run(capsys, "lint", "-", "--fix")
    assert (code, out) == (2, "")
    assert "cannot be fixed" in err


@pytest.mark.parametrize(("mark", "newline"), [("", "\r\n"), ("\ufeff", "\n"), ("\ufeff", "\r\n")])
def test_bytes_around_a_fix_stay(
    capsys: pytest.CaptureFixture[str], mark: str, newline: str
) -> None:
    """A byte order mark and the line endings are what they were."""
    Path("source.yaml").write_bytes((mark + SOURCE.replace("\n", newline)).encode())
    run(capsys, "lint", "--fix", *ONE)
    assert Path("source.yaml").read_bytes() == (mark + FIXED.replace("\n", newline)).encode()


@pytest.mark.skipif(os.name == "nt", reason="permissions and links of POSIX")
def test_permissions_and_links_stay(capsys: pytest.CaptureFixture[str]) -> None:
    """The file that a link leads to is written, the link stays a link."""
    Path("real").mkdir()
    Path("real/source.yaml").write_text(SOURCE)
    Path("real/source.yaml").chmod(0o640)
    Path("link.yaml").symlink_to("real/source.yaml")
    run(capsys, "lint", "link.yaml", "--fix", *ONE)
    assert Path("link.yaml").is_symlink()
    assert Path("real/source.yaml").read_text() == FIXED
    assert stat.S_IMODE(Path("real/source.yaml").stat().st_mode) == 0o640


def test_what_is_accepted_is_not_fixed(capsys: pytest.CaptureFixture[str]) -> None:
    """A comment that accepts a finding keeps its value as well."""
    text = SOURCE.replace("1d", "1d  # argoflux: ignore[AF109] on purpose")
    Path("source.yaml").write_text(text)
    run(capsys, "lint", "--fix", *ONE)
    assert "interval: 1d  # argoflux" in Path("source.yaml").read_text()


def test_json_counts_what_was_fixed(capsys: pytest.CaptureFixture[str]) -> None:
    """``summary.fixed``; the findings are those that are left."""
    Path("source.yaml").write_text(SOURCE)
    _, out, _ = run(capsys, "lint", "--fix", *ONE, "-o", "json")
    report = json.loads(out)
    assert report["summary"]["fixed"] == 2
    assert report["findings"] == []


def test_a_file_that_only_a_rule_reads_is_fixed(capsys: pytest.CaptureFixture[str]) -> None:
    """A ConfigMap with variables names neither Argo CD nor Flux."""
    Path("apps.yaml").write_text(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
        "metadata: {name: apps, namespace: flux-system}\nspec:\n  interval: 10m\n  prune: true\n"
        "  sourceRef: {kind: GitRepository, name: fleet}\n"
        "  postBuild: {substituteFrom: [{kind: ConfigMap, name: variables}]}\n"
    )
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: variables}\ndata:\n  replicas: 3\n"
    Path("variables.yaml").write_text(text)
    assert run(capsys, "lint", "--fix", "--select", "AF003")[0] == 0
    assert Path("variables.yaml").read_text() == text.replace("3", '"3"')
