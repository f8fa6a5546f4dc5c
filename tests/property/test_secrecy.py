"""Values of Secrets stay in Secrets: no output of any format holds one unless asked to."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from argoflux.cli.main import main
from argoflux.schema_fields import leaf_paths
from argoflux.yamlio.dump import dump_documents
from tests.unit.credential_cases import app, cluster, config_map, encoded, external, secret

if TYPE_CHECKING:
    from pathlib import Path

GIT, SSH, CHARTS = "https://git.acme.io/shop", "git@git.acme.io:shop.git", "https://charts.acme.io"
PUBLIC = {"url", "type", "name", "project", "server"}
KINDS = ("repository", "repo-creds", "repository-write", "repo-write-creds")
CONFIG = (
    '{{"bearerToken": "{0}-1", "username": "{0}-2", "password": "{0}-3", "proxyUrl": "{0}-4",'
    ' "tlsClientConfig": {{"caData": "{0}-5", "certData": "{0}-6", "keyData": "{0}-7",'
    ' "serverName": "{0}-8"}}}}'
)
MARK = "hushhush"


@st.composite
def secrets(draw: st.DrawFn) -> dict[str, Any]:
    """A Secret for repositories with any of its keys, plain, encoded, or with a key nobody knows."""
    kind = draw(st.sampled_from(KINDS))
    keys = sorted(leaf_paths(f"Secret:{kind}").keys() - PUBLIC)
    chosen = draw(st.lists(st.sampled_from([*keys, "unheard-of"]), unique=True, min_size=1))
    values = {key: f"{MARK}-{key}" for key in chosen}
    for switch in ("insecure", "useAzureWorkloadIdentity", "githubAppID"):
        if switch in values and draw(st.booleans()):
            values[switch] = "true"
    held = secret(kind, "held", url=draw(st.sampled_from([GIT, SSH, CHARTS])), **values)
    return draw(st.sampled_from([held, encoded(held)]))


def outputs(folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    """Everything that a run writes and prints, to a folder and as a stream."""
    out = folder / "out"
    reports = [word for end in ("txt", "json", "md") for word in ("--report", f"r.{end}")]
    args = ["convert", "in", "--to", "flux", "--no-config", "--fail-on", "never", *more]
    assert main([*args, "-d", "out", "--force", "-v", *reports]) == 0
    assert main([*args, "-v"]) == 0
    printed = capsys.readouterr()
    files = [path for path in (*out.rglob("*"), *folder.glob("r.*")) if path.is_file()]
    return "\n".join([printed.out, printed.err, *(path.read_text() for path in sorted(files))])


def write(folder: Path, *objects: dict[str, Any]) -> None:
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / "all.yaml").write_text(dump_documents(objects))


def apps() -> tuple[dict[str, Any], ...]:
    chart = {"repoURL": CHARTS, "chart": "web", "targetRevision": "1.0.0"}
    remote = {"name": "edge", "namespace": "web"}
    return (
        app(GIT, "git", destination=remote),
        app(SSH, "ssh"),
        app(CHARTS, "chart", source=chart),
    )


def encodings() -> list[str]:
    """The mark as it looks in base64, at each of its three positions."""
    found = []
    for shift in range(3):
        raw = base64.b64encode(b"x" * shift + MARK.encode()).decode()
        found.append(raw[4:-4])
    return found


def assert_hidden(text: str) -> None:
    assert MARK not in text
    for form in encodings():
        assert form not in text


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(held=secrets())
def test_no_output_holds_a_value(
    held: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, held, *apps())
    assert_hidden(outputs(tmp_path, capsys))


@pytest.mark.parametrize(
    "hidden",
    [
        cluster(CONFIG.format(MARK)),
        encoded(cluster(CONFIG.format(MARK))),
        cluster("{broken " + MARK),
        cluster(json.dumps({"execProviderConfig": {"command": "x", "args": [MARK]}})),
        cluster(json.dumps({"execProviderConfig": {"command": "x", "env": {"T": MARK}}})),
        secret("scm-creds", "t", any=MARK),
        secret("repository", "t", url=f"https://me:{MARK}@git.acme.io/shop", username="u"),
        external("template", url=GIT, username="u", password=MARK),
    ],
    ids=["plain", "encoded", "broken", "args", "env", "token", "address", "external"],
)
def test_no_output_holds_what_other_secrets_hide(
    hidden: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, hidden, *apps())
    assert_hidden(outputs(tmp_path, capsys))


def test_an_address_with_a_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, app(f"https://me:{MARK}@git.acme.io/shop"))
    assert_hidden(outputs(tmp_path, capsys))


def test_reports_hold_no_value_even_when_they_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the flag, values are in the new Secrets, and nowhere else."""
    monkeypatch.chdir(tmp_path)
    login = secret("repository", url=GIT, username="me", password=MARK)
    trust = config_map("argocd-tls-certs-cm", **{"git.acme.io": "PEM"})
    write(tmp_path, login, trust, cluster(CONFIG.format(MARK)), *apps())
    text = outputs(tmp_path, capsys, "--include-secrets")
    assert MARK in text
    for file in ("r.txt", "r.json", "r.md", "out/report.json", "out/report.md"):
        assert_hidden((tmp_path / file).read_text())
    assert json.loads((tmp_path / "r.json").read_text())["options"]["include-secrets"] == "true"
    holders = {path.parent.name for path in (tmp_path / "out").rglob("*") if _holds(path)}
    assert holders == {"secrets"}


def _holds(path: Path) -> bool:
    return path.is_file() and MARK in path.read_text()


def test_the_stream_holds_copied_secrets_and_no_stubs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stub could overwrite a Secret that is in use."""
    monkeypatch.chdir(tmp_path)
    login = secret("repository", url=GIT, username="me", password=MARK)
    write(tmp_path, login, app(GIT, "git"), app(SSH, "ssh"))
    args = ["convert", "in", "--to", "flux", "--no-config", "--fail-on", "never"]
    assert main([*args, "--include-secrets"]) == 0
    copied = capsys.readouterr()
    assert f"password: {MARK}" in copied.out
    assert "TODO" not in copied.out
    assert "1 Secret stub is not printed" in copied.err
    assert main(args) == 0
    assert "kind: Secret" not in capsys.readouterr().out
