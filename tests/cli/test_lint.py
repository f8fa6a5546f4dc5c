"""``argoflux lint`` and ``argoflux rule`` as a user runs them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from argoflux.cli.main import main

APP = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {name}
  namespace: argocd
spec:
  project: default
  source:
    repoURL: https://git.example.com/apps.git
    path: web
    targetRevision: v1.2.3
  destination:
    server: https://kubernetes.default.svc
    namespace: web
"""
ONE = ("--select", "AF505")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = main(args)
    out, err = capsys.readouterr()
    return code, out, err


def write(name: str, text: str) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def git(*args: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *args], check=True, capture_output=True)


# --- exit codes and selection


@pytest.mark.parametrize(
    ("flags", "code"),
    [
        ((), 0),
        (("--fail-on", "warning"), 1),
        (("--fail-on", "info"), 1),
        (("--fail-on", "never"), 0),
        (("--profile", "multi-tenant"), 1),
        (("--profile", "strict"), 1),
        (("--profile", "multi-tenant", "--fail-on", "never"), 0),
    ],
)
def test_exit_codes(flags: tuple[str, ...], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    write("web.yaml", APP.format(name="web"))
    assert run(capsys, "lint", *ONE, *flags)[0] == code


def test_a_finding_counts_although_it_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    write("web.yaml", APP.format(name="web"))
    code, out, _ = run(
        capsys, "lint", *ONE, "--min-severity", "error", "--fail-on", "warning", "-o", "concise"
    )
    assert (code, out) == (1, "")


@pytest.mark.parametrize(
    ("flags", "found"),
    [
        (("--select", "AF5"), True),
        (("--select", "AF1, AF505"), True),
        (("--select", "default-project"), True),
        (("--select", "af505"), True),
        (("--select", "AF5", "--ignore", "AF505"), False),
        (("--select", "AF505", "--ignore", "AF5"), True),
        (("--select", "AF1"), False),
        (("--ignore", "AF"), False),
    ],
)
def test_selection(flags: tuple[str, ...], found: bool, capsys: pytest.CaptureFixture[str]) -> None:
    write("web.yaml", APP.format(name="web"))
    out = run(capsys, "lint", *flags, "-o", "concise")[1]
    assert ("AF505" in out) is found


@pytest.mark.parametrize(
    ("args", "message", "hint"),
    [
        (("lint", "--select", "AF5O5"), "`AF5O5` is no rule, no prefix", "did you mean AF505?"),
        (("lint", "--ignore", "pink"), "`pink` is no rule", "rule --list"),
        (("lint", "gone"), "path `gone` does not exist", ""),
        (("lint", "--write-baseline"), "does not say where", "--baseline FILE"),
        (("lint", "--baseline", "gone.json", "web.yaml"), "cannot be read", "--write-baseline"),
        (("lint", "--baseline", "web.yaml", "web.yaml"), "is not a baseline", "--write-baseline"),
        (("lint", "--base", "main", "web.yaml"), "is in no Git repository", "inside a work tree"),
        (("rule",), "which rule?", "--list"),
        (("rule", "AF99"), "is no code", ""),
        (("rule", "default-projekt"), "is no code", "did you mean default-project?"),
    ],
)
def test_what_cannot_be_done_is_said(
    args: tuple[str, ...], message: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write("web.yaml", APP.format(name="web"))
    code, out, err = run(capsys, *args)
    assert (code, out) == (2, "")
    assert message in err
    assert hint in err


def test_nothing_of_ours_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    code, out, err = run(capsys, "lint", "a.yaml")
    assert (code, out, err) == (0, "", "no objects of Argo CD or Flux in a.yaml\n")


def test_a_broken_file_does_not_hide_its_neighbours(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.yaml", APP.format(name="web"))
    write("b.yaml", 'apiVersion: argoproj.io/v1alpha1\nkind: "Application\n')
    code, out, _ = run(capsys, "lint", "-o", "concise")
    assert code == 1
    assert "a.yaml:7:12: warning" in out
    assert "b.yaml:" in out
    assert "[AF001 yaml-syntax]" in out


# --- suppressions


@pytest.mark.parametrize(
    "text",
    [
        APP.format(name="web").replace(
            "default\n", "default  # argoflux: ignore[AF505] one team\n"
        ),
        APP.format(name="web").replace(
            "  project", "  # argoflux: ignore[default-project] one team\n  project"
        ),
        "# argoflux: ignore[AF5] all of it\n" + APP.format(name="web"),
        "---\n# argoflux: ignore[AF5] all of it\n" + APP.format(name="web"),
        APP.format(name="web").replace(
            "metadata:\n", 'metadata:\n  annotations: {argoflux.dev/ignore: "AF001, AF505"}\n'
        ),
    ],
    ids=["line", "line above", "document", "document after a mark", "annotation"],
)
def test_accepted_findings_are_counted(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    write("web.yaml", text)
    code, out, _ = run(capsys, "lint", *ONE, "--fail-on", "warning")
    assert code == 0
    assert "1 accepted by comments" in out


@pytest.mark.parametrize(
    ("comment", "code"),
    [
        ("# argoflux: ignore[AF505] nothing is wrong", "AF902"),
        ("# argoflux: ignore[AF1000] no such rule", "AF904"),
    ],
)
def test_statements_without_effect_are_told(
    comment: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write("web.yaml", APP.format(name="web").replace("default", f"shop  {comment}"))
    out = run(capsys, "lint", *ONE, "-o", "concise")[1]
    assert "web.yaml:7:18: warning: " in out
    assert f"[{code} " in out


def test_a_statement_about_a_rule_that_did_not_run_is_not_called_unused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("web.yaml", APP.format(name="web").replace("default", "shop # argoflux: ignore[AF505] x"))
    assert run(capsys, "lint", "--select", "AF1", "-o", "concise")[1] == ""


def test_the_config_file_accepts_until_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    write("apps/web.yaml", APP.format(name="web"))
    entry = "ignore:\n  - {{codes: [AF505], path: apps/**, until: '{until}'}}\n"
    write(".argoflux.yaml", entry.format(until="2999-01-01"))
    assert "AF505" not in run(capsys, "lint", *ONE, "-o", "concise")[1]
    write(".argoflux.yaml", entry.format(until="2020-01-01"))
    out = run(capsys, "lint", *ONE, "-o", "concise")[1]
    assert "[AF505 default-project]" in out
    assert ".argoflux.yaml:2:5: warning: the suppression of AF505 ended on 2020-01-01" in out


# --- what is known


def test_a_baseline_hides_what_it_knows(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.yaml", APP.format(name="a"))
    flags = ("lint", *ONE, "--fail-on", "warning", "--baseline", "known.json")
    assert run(capsys, *flags, "--write-baseline")[0] == 0
    write("a.yaml", "# moved down\n" + APP.format(name="a"))
    write("b.yaml", APP.format(name="b"))
    code, out, _ = run(capsys, *flags, "-o", "json")
    report = json.loads(out)
    states = [(each["resource"], each["state"]) for each in report["findings"]]
    assert code == 1
    assert states == [("Application/argocd/b", "new"), ("Application/argocd/a", "known")]


def test_base_tells_new_known_and_gone(capsys: pytest.CaptureFixture[str]) -> None:
    git("init", "-q", ".")
    write("apps/a.yaml", APP.format(name="a"))
    write("apps/b.yaml", APP.format(name="b"))
    git("add", ".")
    git("commit", "-qm", "first")
    write("apps/a.yaml", "# moved down\n" + APP.format(name="a"))
    write("apps/b.yaml", APP.format(name="b").replace("default", "shop"))
    write("apps/c.yaml", APP.format(name="c"))
    code, out, _ = run(
        capsys, "lint", "apps", *ONE, "--base", "HEAD", "--fail-on", "warning", "-o", "json"
    )
    found = {each["file"]: each["state"] for each in json.loads(out)["findings"]}
    assert found == {"apps/c.yaml": "new", "apps/a.yaml": "known", "apps/b.yaml": "gone"}
    assert code == 1
    code, out, err = run(capsys, "lint", "apps", "--base", "nowhere")
    assert code == 2
    assert "`nowhere` is no revision" in err
    write("later/d.yaml", APP.format(name="d"))
    out = run(capsys, "lint", "later", *ONE, "--base", "HEAD", "-o", "concise")[1]
    assert out.count("AF505") == 1, "a folder that the revision lacks is new"


def test_a_revision_that_looks_like_an_option_is_no_option(
    capsys: pytest.CaptureFixture[str],
) -> None:
    git("init", "-q", ".")
    write("a.yaml", APP.format(name="a"))
    code, _, err = run(capsys, "lint", "--base=--output=stolen")
    assert code == 2
    assert "is no revision" in err
    assert not Path("stolen").exists()


# --- formats


def test_several_formats_in_one_run(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.yaml", APP.format(name="a"))
    code, out, _ = run(
        capsys, "lint", *ONE, "-o", "concise", "-o", "sarif=out/a.sarif", "-o", "junit=out/a.xml"
    )
    assert code == 0
    assert out.startswith("a.yaml:7:12: warning: ")
    assert json.loads(Path("out/a.sarif").read_text())["version"] == "2.1.0"
    assert Path("out/a.xml").read_text().startswith("<?xml")


def test_github_actions_gets_annotations(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.yaml", APP.format(name="a"))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    out = run(capsys, "lint", *ONE)[1]
    assert "1 warning" in out
    assert "::warning title=AF505 default-project,file=a.yaml,line=7" in out
    assert "::warning" not in run(capsys, "lint", *ONE, "-o", "text")[1]


def test_a_rule_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "rule", "default-project")
    assert code == 0
    assert out.startswith("AF505 default-project  warning\n")
    assert "Why is this bad" in out
    assert "project: default" in out
    assert "AF505  default-project" in run(capsys, "rule", "--list")[1]


def test_a_rename_since_a_revision_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    git("init", "-q", ".")
    git("remote", "add", "origin", "https://git.example.com/team/fleet.git")
    finalizer = "  finalizers: [resources-finalizer.argocd.argoproj.io]\n"
    text = APP.replace("spec:\n", f"{finalizer}spec:\n", 1)
    write("apps/a.yaml", text.format(name="old"))
    git("add", ".")
    git("commit", "-qm", "first")
    write("apps/a.yaml", text.format(name="new"))
    code, out, _ = run(capsys, "lint", "apps", "--base", "HEAD", "--select", "AF7", "-o", "concise")
    assert code == 1
    assert "apps/a.yaml:4:9: error: Application/argocd/old became Application/argocd/new" in out


# --- secrets


SECRETS = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: web
  namespace: argocd
spec:
  generators:
    - list:
        elements:
          - name: DB_PASSWORD
            value: vK3-moonlit-Quay
          - url: https://ci:vK3-moonlit-Quay@git.example.com/shop.git
"""


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "gitlab", "junit", "markdown"])
def test_no_report_shows_a_secret(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The finding is there, the value is not."""
    write("set.yaml", SECRETS)
    _, out, err = run(capsys, "lint", "-o", form, "--select", "AF503,AF504")
    assert "AF504" in out
    assert "AF503" in out
    assert "moonlit" not in out + err
