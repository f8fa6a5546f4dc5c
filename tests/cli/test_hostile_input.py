"""Files that are broken, huge, foreign or hostile: the rest is converted, and each one is named."""

from __future__ import annotations

import codecs
import os
import re
from typing import TYPE_CHECKING

import pytest

from argoflux.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

APP = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd}}
spec:
  project: default
  source: {{repoURL: https://git.example.com/acme/web.git, path: deploy, targetRevision: main}}
  destination: {{server: https://kubernetes.default.svc, namespace: web}}
  syncPolicy: {{automated: {{prune: true, selfHeal: true}}}}
"""
FLUX = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: {name}, namespace: team}}
spec:
  interval: 10m
  prune: true
  path: ./deploy
  sourceRef: {{kind: GitRepository, name: {name}}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: {name}, namespace: team}}
spec: {{interval: 10m, url: https://git.example.com/acme/web.git, ref: {{branch: main}}}}
"""
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]")
SECRET = "hunter2-token"


def app(name: str = "web") -> str:
    return APP.format(name=name)


BROKEN: dict[str, tuple[str | bytes, str]] = {
    "no YAML": ("argoproj.io: [}{\n\t- x: :", ":1:15: error: cannot parse YAML"),
    "tab": (app().replace("  project", "\tproject"), ":5:1: error: cannot parse YAML: a tab"),
    "NUL": (app() + "\0", ":1:1: warning: the file has a NUL byte at byte"),
    "UTF-16": (app().encode("utf-16"), ":1:1: warning: the file is UTF-16"),
    "UTF-16 without a mark": (app().encode("utf-16-be"), ":1:1: warning: the file has a NUL byte"),
    "UTF-32": (app().encode("utf-32"), ":1:1: warning: the file is UTF-32"),
    "Latin-1": (app().encode() + b"# \xe9\n", ":1:1: warning: the file is not UTF-8 (byte"),
    "alias bomb": (
        app()
        + "  a0: &a0 [x]\n"
        + "".join(f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)),
        "warning: aliases expand the document by more than",
    ),
    "alias of itself": (app() + "  info: &x [*x]\n", ":9:13: error: cannot parse YAML: the anchor"),
    "deep flow": (app() + f"  x: {'[' * 50_000}{']' * 50_000}\n", "nested more than 100 levels"),
    "deep block": (
        app() + "  x:\n" + "".join(f"{' ' * (3 + n)}a:\n" for n in range(500)),
        "nested more than 100 levels",
    ),
    "infinity": (app() + "  info: [{name: a, value: .inf}]\n", ":9:27: error: cannot parse YAML"),
    "repeated key": (app() + "spec: {project: two}\n", ":9:1: error: key `spec` is set twice"),
    "no name": (app("~"), ":3:11: error: Application has no `metadata.name`"),
    "name a list": (app("[a]"), ":3:11: error: Application has no `metadata.name`"),
    "metadata a text": (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: x\n",
        ":3:11: error: Application has no `metadata.name`",
    ),
    "kind misspelt": (
        app().replace("kind: Application", "kind: Aplication"),
        ":2:7: error: `Aplication` is no kind of argoproj.io; did you mean `Application`?",
    ),
    "kind a number": (
        app().replace("kind: Application", "kind: 7"),
        ":2:7: error: an object of argoproj.io/v1alpha1 has no `kind`",
    ),
    "no version": (
        app().replace("/v1alpha1", ""),
        ":1:13: error: `argoproj.io` is no apiVersion; `argoproj.io/v1alpha1` is meant?",
    ),
    "too many slashes": (
        app().replace("/v1alpha1", "/v1alpha1/x"),
        ":1:13: error: `argoproj.io/v1alpha1/x` is no apiVersion",
    ),
    "no apiVersion": (
        "kind: Application\nmetadata: {name: x, namespace: argocd}\n",
        ":1:1: error: Application has no `apiVersion`",
    ),
    "spec a list": (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: x}\nspec: [1]\n",
        "`spec` is a list where a map is expected; it was not converted",
    ),
}

HARMLESS: dict[str, str | bytes] = {
    "byte order mark": codecs.BOM_UTF8 + app("bom").encode(),
    "CRLF": app("crlf").replace("\n", "\r\n"),
    "CR": app("cr").replace("\n", "\r"),
    "JSON": '{"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "j"},'
    ' "spec": {"source": {"repoURL": "https://x.example/a", "path": "b"},'
    ' "destination": {"namespace": "c", "server": "https://kubernetes.default.svc"}}}',
    "empty": "",
    "only comments": "# argoproj.io\n---\n---\n...\n",
    "a list": "- argoproj.io\n- kind: Application\n",
    "a scalar": "argoproj.io\n",
    "another project": "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: r}\n",
    "a foreign Application": "apiVersion: app.k8s.io/v1beta1\nkind: Application # argocd\n"
    "metadata: {name: r}\n",
    "a List with junk": "apiVersion: v1\nkind: List\nitems: [1, null, [argoproj.io], {}]\n",
}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/good.yaml").write_text(app("good"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run_once(*args: str, to: str = "flux") -> tuple[int, str, str]:
        code = main(["convert", *args, "--to", to])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert "bug in argoflux" not in err
        return code, out, err

    return run_once


def put(folder: Path, name: str, text: str | bytes) -> None:
    data = text if isinstance(text, bytes) else text.encode()
    (folder / "in" / name).write_bytes(data)


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_document_is_named_and_the_rest_is_converted(
    run: Run, tmp_path: Path, case: str
) -> None:
    text, message = BROKEN[case]
    put(tmp_path, "bad.yaml", text)
    code, out, err = run("in")
    assert code == 1
    assert "in/bad.yaml:" in err
    assert message in err
    assert "  name: good\n" in out


@pytest.mark.parametrize("case", [name for name in BROKEN if name != "repeated key"])
def test_a_broken_document_alone_cannot_be_converted(run: Run, tmp_path: Path, case: str) -> None:
    put(tmp_path, "bad.yaml", BROKEN[case][0])
    code, out, err = run("in/bad.yaml", "--quiet")
    assert (code, out) == (2, "")
    assert "error: nothing could be converted" in err


@pytest.mark.parametrize("case", HARMLESS)
def test_unusual_files_are_no_problem(run: Run, tmp_path: Path, case: str) -> None:
    put(tmp_path, "odd.yaml", HARMLESS[case])
    code, out, err = run("in", "--fail-on", "manual")
    assert code == 0
    assert "error" not in err
    assert "  name: good\n" in out


def test_large_files_are_skipped_only_when_they_matter(run: Run, tmp_path: Path) -> None:
    put(tmp_path, "foreign.yaml", "a: b\n" * 2_500_000)
    assert run("in")[0] == 0
    put(tmp_path, "ours.yaml", app("late") + "---\n" + "a: b\n" * 2_500_000)
    code, out, err = run("in")
    assert code == 1
    assert "in/ours.yaml:1:1: warning: file is larger than 10 MiB, skipped" in err
    assert "foreign" not in err
    assert "  name: good\n" in out


def test_links_that_lead_in_circles_or_away(run: Run, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text(app("outside"))
    for name, target in (
        ("self", "self"),
        ("a", "b"),
        ("b", "a"),
        ("up", ".."),
        ("here", "."),
        ("root", "/"),
        ("gone.yaml", "nowhere"),
        ("out.yaml", str(outside)),
    ):
        (tmp_path / "in" / name).symlink_to(target)
    code, out, err = run("in")
    assert code == 1
    assert "in/out.yaml:1:1: warning: symbolic link leaves the tree, not followed" in err
    assert out.count("kind: Kustomization") == 1


def test_special_files_are_left_alone(run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "in/pipe.yaml")
    (tmp_path / "in/folder.yaml").mkdir()
    assert run("in")[0] == 0


def test_a_dump_of_the_cluster_is_read_like_its_source(run: Run, tmp_path: Path) -> None:
    put(
        tmp_path,
        "good.yaml",
        """\
apiVersion: v1
kind: List
metadata: {resourceVersion: ""}
items:
- apiVersion: argoproj.io/v1alpha1
  kind: Application
  metadata:
    name: live
    namespace: argocd
    uid: 1b4e28ba
    resourceVersion: "7"
    generation: 3
    creationTimestamp: "2024-01-01T00:00:00Z"
    annotations: {kubectl.kubernetes.io/last-applied-configuration: '{"a": 1}'}
    managedFields: [{manager: kubectl, fieldsV1: {"f:spec": {".": {}}}}]
  spec:
    project: default
    source: {repoURL: https://git.example.com/acme/web.git, path: deploy, targetRevision: main}
    destination: {server: https://kubernetes.default.svc, namespace: web}
  status: {sync: {status: Synced}, history: [{id: 1}]}
""",
    )
    code, out, err = run("in")
    assert code == 0
    assert "  name: live\n" in out
    for word in ("managedFields", "last-applied", "history", "1b4e28ba", "status"):
        assert word not in out
        assert word not in err


NAMES = {
    "up": '"../../x"',
    "absolute": '"/etc/passwd"',
    "line break": '"a\\nb"',
    "escape sequence": '"a\\x1b[31mred"',
    "long": f'"{"n" * 10_000}"',
    "emoji": '"🚀"',
    "shell": '"$(touch pwned)`touch pwned`"',
    "HTML": '"<img src=x onerror=alert(1)>"',
    "Markdown": '"[a](javascript:x) |"',
    "CI command": '"::error::x"',
    "git": '".git"',
    "dots": '".."',
    "flag": '"-rf"',
    "blank": '" "',
    "backslashes": '"..\\\\..\\\\x"',
    "bidirectional": '"\\u202egnp"',
    "NUL": '"a\\0b"',
    "C1": '"\\u0085x"',
    "upper case": '"A"',
}


@pytest.mark.parametrize("case", NAMES)
@pytest.mark.parametrize("to", ["flux", "argocd"])
def test_names_stay_names(run: Run, tmp_path: Path, to: str, case: str) -> None:
    """No name leaves the output folder, moves the cursor, or becomes markup."""
    put(tmp_path, "good.yaml", (APP if to == "flux" else FLUX).format(name=NAMES[case]))
    code, _, err = run("in", "-d", "out", to=to)
    assert code in {0, 1, 2}
    assert {path.name for path in tmp_path.iterdir()} <= {"in", "out"}
    assert [path for path in tmp_path.rglob("*") if path.is_symlink() or "git" in path.parts] == []
    report = (tmp_path / "out/report.md").read_text()
    assert not CONTROL.search(err)
    assert not CONTROL.search(report)
    assert "<img" not in report
    assert "](javascript" not in report
    assert all(len(os.fsencode(path.name)) <= 255 for path in tmp_path.rglob("*"))
    for path in (tmp_path / "out").rglob("*.yaml"):
        named = re.findall(r"^  name: (.*)$", path.read_text(), re.MULTILINE)
        if path.parent.name in {"apps", "sources"}:
            assert re.fullmatch(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?", named[0]), path


def test_names_that_meet_after_slugging_stay_apart(run: Run, tmp_path: Path) -> None:
    for index, name in enumerate(('"a b"', '"a/b"', '"A-B"', "a-b", "a-b")):
        put(tmp_path, f"{index}.yaml", app(name))
    _, out, _ = run("in")
    names = re.findall(r"kind: Kustomization\nmetadata:\n  name: (.*)", out)
    assert len(names) == len(set(names)) == 6
    assert "a-b" in names


def test_names_of_files_cannot_move_the_cursor(run: Run, tmp_path: Path) -> None:
    put(tmp_path, "x\x1b[31m\ny.yaml", app("weird"))
    _, out, err = run("in", "--report", "report.md")
    assert not CONTROL.search(out)
    assert not CONTROL.search(err)
    assert not CONTROL.search((tmp_path / "report.md").read_text())


def test_broken_secrets_stay_secret(run: Run, tmp_path: Path) -> None:
    put(
        tmp_path,
        "secrets.yaml",
        f"""\
apiVersion: v1
kind: Secret
metadata: {{name: r, namespace: argocd, labels: {{argocd.argoproj.io/secret-type: repository}}}}
data: [{SECRET}]
stringData: {{url: 7, password: [{SECRET}], sshPrivateKey: {{a: {SECRET}}}}}
---
apiVersion: v1
kind: Secret
metadata: {{name: c, namespace: argocd, labels: {{argocd.argoproj.io/secret-type: cluster}}}}
stringData: {{name: c, server: "https://u:{SECRET}@x", config: "{{no json {SECRET}"}}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: token, namespace: argocd}}
spec:
  source: {{repoURL: "https://u:{SECRET}@git.example.com/a.git", path: [{SECRET}], helm: {SECRET}}}
  destination: {{namespace: a, server: "https://kubernetes.default.svc"}}
""",
    )
    code, out, err = run("in", "-v", "-d", "out", "--report", "report.txt")
    assert code == 1
    written = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    texts = [out, err, *(text for text in written if "kind: Secret\nmetadata: {" not in text)]
    assert [text for text in texts if SECRET in text] == []


def test_the_same_input_gives_the_same_bytes_in_any_order(run: Run, tmp_path: Path) -> None:
    for index, (text, _) in enumerate(BROKEN.values()):
        put(tmp_path, f"{index}.yaml", text)
    for index, name in enumerate(NAMES.values()):
        put(tmp_path, f"n{index}.yaml", app(name))
    files = sorted(str(path) for path in (tmp_path / "in").iterdir())
    relative = [os.path.relpath(file) for file in files]
    first = run(*relative)
    assert run(*reversed(relative)) == first
    assert run(*relative, *relative) == first
