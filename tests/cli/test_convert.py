"""``convert`` from the command line: streams, folders, reports and exit codes."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from argoflux.cli.main import main
from argoflux.report.conversion_markdown import MARKER
from argoflux.text import SourceFile
from argoflux.yamlio.load import load_text
from tests.cli.test_main import ENVIRONMENT
from tests.unit.report.test_conversion_json import SCHEMA, closed

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str, str]]

APP = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {name}
  namespace: argocd
spec:
  project: default
  source:
    repoURL: {url}
    targetRevision: main
    path: deploy
  destination:
    server: https://kubernetes.default.svc
    namespace: web
  syncPolicy:
    automated: {{prune: true, selfHeal: true}}
    retry: {{limit: 3}}
"""
KUSTOMIZATION = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: web, namespace: flux-system}
spec: {interval: 10m, prune: true, path: ./deploy, sourceRef: {kind: GitRepository, name: web}}
"""
PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: many, namespace: argocd}
spec: {generators: [], template: {metadata: {name: x}, spec: {project: default}}}
"""
HTTPS = "https://git.example.com/acme/web.git"


def app(name: str = "web", url: str = HTTPS) -> str:
    return APP.format(name=name, url=url)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps/web.yaml").write_text(app())
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run_once(*args: str, to: str = "flux") -> tuple[int, str, str]:
        code = main(["convert", *args, "--to", to])
        out, err = capsys.readouterr()
        return code, out, err

    return run_once


def kinds(text: str) -> list[str]:
    loaded = load_text(SourceFile(name="out", text=text))
    assert loaded.findings == ()
    return sorted(document.body["kind"] for document in loaded.documents)


def files(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


# --- stream


def test_the_stream_is_on_stdout_and_the_report_on_stderr(run: Run) -> None:
    code, out, err = run("apps")
    assert code == 0
    assert kinds(out) == ["GitRepository", "Kustomization"]
    assert "apps/web.yaml:" in err
    assert "leaves: " in err


def test_quiet_leaves_only_the_stream(run: Run) -> None:
    assert run("apps", "-q")[1:] == (run("apps")[1], "")


def test_fail_on_decides_the_exit_code(run: Run) -> None:
    assert run("apps", "--fail-on", "approximate")[0] == 1
    assert run("apps", "--fail-on", "manual")[0] == 0


@pytest.mark.parametrize("args", [["-"], ["-f", "-"]])
def test_standard_input(args: list[str], run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    data = io.TextIOWrapper(io.BytesIO(app().encode()))
    monkeypatch.setattr("sys.stdin", data)
    code, out, err = run(*args, "--stdin-filename", "piped.yaml")
    assert code == 0
    assert kinds(out) == ["GitRepository", "Kustomization"]
    assert "piped.yaml:" in err


def test_stubs_of_secrets_are_not_streamed_because_they_could_replace_real_ones(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "apps/web.yaml").write_text(app(url="git@git.example.com:acme/web.git"))
    _, out, err = run("apps")
    assert "Secret" not in kinds(out)
    assert "not printed: -d writes them to secrets/" in err
    run("apps", "-d", "out")
    assert [name for name in files(tmp_path / "out") if name.startswith("secrets/")]


def test_the_order_of_paths_and_files_does_not_matter(run: Run, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more/b.yaml").write_text(app("b") + "---\n" + app("a"))
    assert run("apps", "more")[1:] == run("more", "apps", "apps")[1:]


def test_verbose_says_what_was_read(run: Run) -> None:
    err = run("apps", "-v")[2]
    assert "config file: none\n" in err
    assert "1 files looked at, 1 objects of Argo CD and Flux\n" in err


def test_the_stream_is_utf8_in_every_locale(tmp_path: Path) -> None:
    text = app().replace("path: deploy", "path: größe")
    (tmp_path / "apps/web.yaml").write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "argoflux", "convert", "apps", "--to", "flux"],
        env={**ENVIRONMENT, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert "größe" in done.stdout.decode()


# --- input


def test_a_broken_document_does_not_hide_its_neighbours(run: Run, tmp_path: Path) -> None:
    (tmp_path / "apps/web.yaml").write_text(f"{app()}---\napiVersion: argoproj.io/v1\nkind: [\n")
    code, out, err = run("apps")
    assert code == 1
    assert kinds(out) == ["GitRepository", "Kustomization"]
    assert err.startswith("apps/web.yaml:")
    assert "[AF001]" in err.splitlines()[0]


def test_two_means_that_nothing_could_be_converted(run: Run, tmp_path: Path) -> None:
    (tmp_path / "apps/web.yaml").write_text(PROJECT)
    code, out, err = run("apps", "--fail-on", "never")
    assert (code, out) == (2, "")
    assert "A2F-SET-013" in err


def test_one_refused_object_of_several_is_a_loss(run: Run, tmp_path: Path) -> None:
    (tmp_path / "apps/set.yaml").write_text(PROJECT)
    assert run("apps")[0] == 1
    assert run("apps", "--fail-on", "never")[0] == 0


def test_objects_of_the_target_system_are_kept(run: Run, tmp_path: Path) -> None:
    (tmp_path / "apps/web.yaml").write_text(KUSTOMIZATION)
    assert run("apps") == (
        0,
        "",
        "nothing to convert: the only object belongs to Flux already\n",
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 100,
        b"\xff\xfe\x00argoproj.io",
        b"argoproj.io: " + b"[" * 10_000,
        b"apiVersion: argoproj.io/v1alpha1\nkind: Application\n",
        b"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: 3\nspec: [1]\n",
        b"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec: null\n",
        b"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: [1]}\nspec: {}\n",
        b"a: &a [*a]\nargoproj.io: 1\n",
        b"{{ if argoproj.io }}\n",
    ],
)
@pytest.mark.parametrize("to", ["flux", "argocd"])
def test_no_input_crashes(data: bytes, to: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "apps/web.yaml").write_bytes(data)
    code, _, err = run("apps", "-d", "out", "--report", "r.txt", to=to)
    assert code in {0, 1, 2}
    assert "this is a bug" not in err


# --- folder


def test_the_folder_holds_objects_and_reports(run: Run, tmp_path: Path) -> None:
    code, out, err = run("apps", "-d", "out")
    assert (code, out) == (0, "")
    assert files(tmp_path / "out") == [
        "apps/web.yaml",
        "kustomization.yaml",
        "report.json",
        "report.md",
        "sources/web.yaml",
    ]
    assert err.endswith("out: 5 new, 0 changed, 0 unchanged files\n")


def test_a_second_run_writes_nothing(run: Run, tmp_path: Path) -> None:
    run("apps", "-d", "out")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}
    assert run("apps", "-d", "out")[2].endswith("out: 0 new, 0 changed, 5 unchanged files\n")
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")} == before


def test_an_output_folder_inside_the_input_is_not_read_again(run: Run, tmp_path: Path) -> None:
    first = run(".", "-d", "out")
    report = (tmp_path / "out/report.json").read_text()
    second = run(".", "-d", "out")
    assert first[0] == second[0] == 0
    assert (tmp_path / "out/report.json").read_text() == report


def test_foreign_files_stop_the_run_before_anything_is_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out/apps").mkdir(parents=True)
    (tmp_path / "out/apps/web.yaml").write_text("mine\n")
    code, _, err = run("apps", "-d", "out")
    assert code == 2
    assert "apps/web.yaml" in err
    assert "--force" in err
    assert files(tmp_path / "out") == ["apps/web.yaml"]
    assert run("apps", "-d", "out", "--force")[0] == 0


def test_the_input_is_never_written(run: Run, tmp_path: Path) -> None:
    before = (tmp_path / "apps/web.yaml").read_bytes()
    code, _, err = run(".", "-d", ".", "--force")
    assert code == 2
    assert "an input" in err
    code, _, err = run("apps", "--report", "apps/../apps/web.txt")
    assert code == 0
    (tmp_path / "apps/x.json").write_text('{"apiVersion": "argoproj.io/v1alpha1", "kind": "A"}')
    assert run("apps", "--report", "apps/x.json")[0] == 2
    assert (tmp_path / "apps/web.yaml").read_bytes() == before


@pytest.mark.parametrize(
    "name", ["../../evil", "/etc/evil", "a/../../../evil", "..", ".git", "x" * 400]
)
def test_names_cannot_lead_out_of_the_folder(name: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "deep/er").mkdir(parents=True)
    (tmp_path / "apps/web.yaml").write_text(app(json.dumps(name)))
    run("apps", "-d", "deep/er/out")
    outside = [path for path in files(tmp_path) if not path.startswith(("deep/er/out/", "apps/"))]
    assert outside == []
    assert files(tmp_path / "deep/er/out")


def test_names_cannot_steer_terminals_or_markup(run: Run, tmp_path: Path) -> None:
    hostile = json.dumps("\x1b[31mred</details>| `x`\u202e")
    (tmp_path / "apps/web.yaml").write_text(app(hostile))
    _, out, err = run("apps", "-v", "--report", "r.md", "--report", "r.txt")
    text = (tmp_path / "r.txt").read_text()
    for shown in (out, err, text):
        assert "\x1b" not in shown
    assert "red</details>" not in (tmp_path / "r.md").read_text()


# --- reports


def load(path: Path) -> Any:
    return json.loads(path.read_text())


@pytest.mark.parametrize(
    "example",
    sorted(
        path.name for path in (Path(__file__).parents[2] / "examples").iterdir() if path.is_dir()
    ),
)
@pytest.mark.parametrize(("source", "to"), [("argocd", "flux"), ("flux", "argocd")])
def test_real_reports_follow_the_published_schema(
    example: str, source: str, to: str, run: Run, tmp_path: Path
) -> None:
    folder = Path(__file__).parents[2] / "examples" / example / source
    assert run(str(folder), "-d", "out", to=to)[0] in {0, 1}
    report = load(tmp_path / "out/report.json")
    jsonschema.Draft202012Validator(closed(SCHEMA)).validate(report)
    assert report["files"] == files(tmp_path / "out")
    assert [r for r in report["resources"] if r["outcome"] == "converted"]


def test_the_suffix_chooses_the_format(run: Run, tmp_path: Path) -> None:
    args = [word for name in ("a.json", "b.md", "deep/c.TXT") for word in ("--report", name)]
    assert run("apps", *args)[0] == 0
    assert load(tmp_path / "a.json")["kind"] == "ConversionReport"
    assert (tmp_path / "b.md").read_text().startswith(MARKER)
    assert "leaves: " in (tmp_path / "deep/c.TXT").read_text()


def test_every_leaf_has_one_entry_and_counts_add_up(run: Run, tmp_path: Path) -> None:
    run("apps", "--report", "r.json")
    report = load(tmp_path / "r.json")
    stated = [entry for entry in report["entries"] if entry["origin"] is None]
    assert len({entry["path"] for entry in stated}) == len(stated) == 13
    assert sum(report["summary"]["verdicts"].values()) == len(stated)


def test_reports_are_the_same_from_everywhere(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("apps", "--report", "one.json")
    first = (tmp_path / "one.json").read_text()
    assert str(tmp_path) not in first
    monkeypatch.chdir(tmp_path / "apps")
    run("web.yaml", "--report", "../two.json")
    assert '"file": "web.yaml"' in (tmp_path / "two.json").read_text()


def test_credentials_in_addresses_appear_nowhere(run: Run, tmp_path: Path) -> None:
    (tmp_path / "apps/web.yaml").write_text(app(url="https://me:hunter2@git.example.com/a/b.git"))
    _, out, err = run("apps", "-d", "out", "-v", "--report", "r.txt")
    found = "".join(path.read_text() for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert "hunter2" not in out + err + found + (tmp_path / "r.txt").read_text()


# --- releases


def test_releases_come_from_the_flag_else_the_input_else_the_newest(
    run: Run, tmp_path: Path
) -> None:
    def facts(*args: str) -> list[str]:
        run("apps", "--report", "r.json", *args)
        return list(load(tmp_path / "r.json")["facts"])[:2]

    assert facts() == ["Argo CD 3.5 (default)", "Flux 2.9 (default)"]
    assert facts("--flux-version", "v2.4.1")[1] == "Flux 2.4 (flag --flux-version)"
    (tmp_path / "apps/install.yaml").write_text(
        "# Flux Version: v2.1.0\n# fluxcd\napiVersion: v1\nkind: Namespace\n"
    )
    assert facts()[1] == "Flux 2.3 (the nearest to 2.1 in apps/install.yaml:1)"
