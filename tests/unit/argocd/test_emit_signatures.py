"""Signatures of Git sources as rules of projects, with the keys of the input."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.convert_run import convert_texts

if TYPE_CHECKING:
    from argoflux.convert.result import Conversion

DATA = Path(__file__).parents[2] / "data" / "pgp"
RELEASE, ANN, BOTH = ((DATA / f"{name}.asc").read_text() for name in ("release", "ann", "both"))
RELEASE_IDS, ANN_ID = ["253EFAA804211F6F", "231AE58E1C07E251"], "0CA44AD204152CFA"
URL = "https://git.example.com/acme/fleet.git"
OTHER = "https://git.example.com/acme/other.git"
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: web}\n"


def _git(
    verify: str = "verify: {mode: HEAD, secretRef: {name: keys}}",
    *,
    name: str = "fleet",
    ref: str = "branch: main",
    url: str = URL,
) -> str:
    return f"""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: {name}, namespace: team}}
spec: {{interval: 1m, url: "{url}", ref: {{{ref}}}{f", {verify}" if verify else ""}}}
---
"""


def _app(name: str = "shop", source: str = "fleet", more: str = "") -> str:
    return f"""\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: {name}, namespace: team}}
spec: {{interval: 10m, prune: true, path: ./app, sourceRef: {{kind: GitRepository, name: {source}}}{more}}}
---
"""


def _secret(name: str = "keys", **values: str) -> str:
    data = "".join(
        f"  {key}.asc: {base64.b64encode(value.encode()).decode()}\n"
        for key, value in values.items()
    )
    return f"apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}, namespace: team}}\ndata:\n{data}---\n"


def _convert(folder: Path, *texts: str, argocd: str = "3.5") -> Conversion:
    files = {"all.yaml": "".join(texts), "app/a.yaml": CONFIG}
    sources = (f"{URL}=.", f"{OTHER}=.")
    result = convert_texts(folder, files, "argocd", sources=sources, argocd=argocd)[1]
    assert result.findings == ()
    assert not any("…" in message.text for message in result.messages)
    return result


def _bodies(result: Conversion, kind: str) -> dict[str, Any]:
    bodies: list[Any] = [d.body for d in result.documents]
    return {body["metadata"]["name"]: body for body in bodies if body["kind"] == kind}


def _codes(result: Conversion) -> list[str]:
    found = {"F2A-GIT-012", "F2A-GIT-013", "F2A-GIT-014", "F2A-GIT-023", "F2A-GIT-024"}
    return sorted({m.code for m in result.messages} & found)


def _text(result: Conversion, code: str) -> str:
    return " ".join(m.text for m in result.messages if m.code == code)


def _policy(*keys: str, url: str = URL) -> dict[str, Any]:
    return {"repos": [{"url": url}], "gpg": {"mode": "head", "keys": list(keys)}}


def test_an_app_without_a_project_gets_one_that_only_asks_for_signatures(tmp_path: Path) -> None:
    result = _convert(tmp_path, _secret(ann=ANN), _git(), _app())
    assert _bodies(result, "AppProject")["verified-fleet"]["spec"] == {
        "description": f"asks for signatures of {URL}",
        "sourceRepos": [URL],
        "destinations": [{"server": "*", "namespace": "*"}],
        "clusterResourceWhitelist": [{"group": "*", "kind": "*"}],
        "sourceIntegrity": {"git": {"policies": [_policy(ANN_ID)]}},
    }
    assert _bodies(result, "Application")["shop"]["spec"]["project"] == "verified-fleet"
    assert _bodies(result, "ConfigMap")["argocd-gpg-keys-cm"]["data"] == {ANN_ID: ANN}
    assert _codes(result) == ["F2A-GIT-012"]
    assert (
        f"of project verified-fleet for its Applications alone, by the ids of keys ({ANN_ID})"
        in (_text(result, "F2A-GIT-012"))
    )


def test_before_there_were_policies_the_whole_project_has_keys(tmp_path: Path) -> None:
    result = _convert(tmp_path, _secret(both=BOTH), _git(), _app(), argocd="3.4")
    spec = _bodies(result, "AppProject")["verified-fleet"]["spec"]
    assert spec["signatureKeys"] == [{"keyID": key} for key in (ANN_ID, *RELEASE_IDS)]
    assert "sourceIntegrity" not in spec
    keys = _bodies(result, "ConfigMap")["argocd-gpg-keys-cm"]["data"]
    assert keys == {ANN_ID: ANN, RELEASE_IDS[0]: RELEASE}  # one text each, by the key itself


PRIVATE = "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nsecretsecret\n"
SSH = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA ann@example.com"


@pytest.mark.parametrize(
    ("secret", "keys", "codes", "words"),
    [
        ("", ["TODO-key-id"], ["F2A-GIT-024"], "the Secret is not in the input"),
        (_secret(), ["TODO-key-id"], ["F2A-GIT-024"], "the Secret is empty"),
        (_secret(a=PRIVATE), ["TODO-key-id"], ["F2A-GIT-024"], "`a.asc`: it holds a private key"),
        (_secret(a="?", b=ANN), [ANN_ID], ["F2A-GIT-024"], "`a.asc`: it holds no OpenPGP"),
        (_secret(a="ENC[AES256]"), ["TODO-key-id"], ["F2A-GIT-024"], "`a.asc`: it is encrypted"),
        (_secret(a=ANN, b=SSH), [ANN_ID], ["F2A-GIT-013"], "`b.asc` of Secret keys are SSH keys"),
    ],
    ids=["absent", "empty", "private", "partly read", "encrypted", "with SSH"],
)
def test_keys_that_are_not_known_let_nothing_through(
    secret: str, keys: list[str], codes: list[str], words: str, tmp_path: Path
) -> None:
    result = _convert(tmp_path, secret, _git(), _app())
    spec = _bodies(result, "AppProject")["verified-fleet"]["spec"]
    assert spec["sourceIntegrity"]["git"]["policies"] == [_policy(*keys)]
    assert _codes(result) == codes
    assert words in _text(result, codes[0])
    assert not any("secretsecret" in str(document.body) for document in result.documents)


def test_keys_of_ssh_alone_are_nothing_for_argo_cd(tmp_path: Path) -> None:
    result = _convert(tmp_path, _secret(a=SSH), _git(), _app())
    assert _bodies(result, "AppProject") == {}
    assert _codes(result) == ["F2A-GIT-013", "F2A-GIT-023"]
    assert "its Secret holds keys of SSH only" in _text(result, "F2A-GIT-023")


@pytest.mark.parametrize(
    ("mode", "ref", "words"),
    [
        ("mode: HEAD", "branch: main", ""),
        ("mode: head", "branch: main", ""),
        ("", "branch: main", ""),
        ("mode: HEAD", "tag: v1.0.0", "which checks the tag where it is an annotated one"),
        ("mode: HEAD", "semver: '>=1'", "which checks the tag where it is an annotated one"),
        ("mode: HEAD", "name: refs/tags/a", "which checks the tag where it is an annotated one"),
        ("mode: Tag", "tag: v1.0.0", ""),
        ("mode: Tag", "branch: main", "Flux reports an error"),
        ("mode: TagAndHEAD", "tag: v1.0.0", "which checks an annotated tag alone"),
        ("mode: TagAndHEAD", "branch: main", "Flux reports an error"),
    ],
)
def test_modes(mode: str, ref: str, words: str, tmp_path: Path) -> None:
    verify = f"verify: {{secretRef: {{name: keys}}{f', {mode}' if mode else ''}}}"
    result = _convert(tmp_path, _secret(ann=ANN), _git(verify, ref=ref), _app())
    assert ("F2A-GIT-014" in _codes(result)) is bool(words)
    assert words in _text(result, "F2A-GIT-014")


TENANT = ", serviceAccountName: deployer"
UNVERIFIED = _git("", name="other", url=OTHER)


@pytest.mark.parametrize(
    ("argocd", "spec"),
    [
        ("3.5", {"sourceIntegrity": {"git": {"policies": [_policy(ANN_ID)]}}}),
        ("3.4", {"signatureKeys": [{"keyID": ANN_ID}]}),
    ],
)
def test_a_tenant_keeps_its_project(argocd: str, spec: dict[str, Any], tmp_path: Path) -> None:
    texts = (_secret(ann=ANN), _git(), _app(more=TENANT), _app("two", more=TENANT))
    result = _convert(tmp_path, *texts, argocd=argocd)
    (project,) = _bodies(result, "AppProject").values()
    rules = {"sourceIntegrity", "signatureKeys"} & set(project["spec"])
    assert {key: project["spec"][key] for key in rules} == spec
    assert _codes(result) == ["F2A-GIT-012"]


def test_each_repository_of_a_tenant_has_its_policy(tmp_path: Path) -> None:
    other = _git("verify: {secretRef: {name: more}}", name="other", url=OTHER)
    secrets = _secret(ann=ANN) + _secret("more", release=RELEASE)
    apps = _app(more=TENANT) + _app("two", "other", TENANT)
    result = _convert(tmp_path, secrets, _git(), other, apps)
    spec = _bodies(result, "AppProject")["team"]["spec"]
    assert spec["sourceIntegrity"]["git"]["policies"] == [
        _policy(ANN_ID),
        _policy(*RELEASE_IDS, url=OTHER),
    ]
    assert set(_bodies(result, "ConfigMap")["argocd-gpg-keys-cm"]["data"]) == {
        ANN_ID,
        RELEASE_IDS[0],
    }


@pytest.mark.parametrize(
    ("argocd", "other", "told"),
    [
        ("3.5", UNVERIFIED, False),
        ("3.4", UNVERIFIED, True),  # its keys are for the whole project
        ("3.5", _git("", name="other"), True),  # the same repository, not verified
        ("3.5", _git("verify: {secretRef: {name: more}}", name="other"), True),
    ],
)
def test_a_rule_that_would_hold_for_others_is_left_to_a_person(
    argocd: str, other: str, told: bool, tmp_path: Path
) -> None:
    secrets = _secret(ann=ANN) + _secret("more", release=RELEASE)
    apps = _app(more=TENANT) + _app("two", "other", TENANT)
    result = _convert(tmp_path, secrets, _git(), other, apps, argocd=argocd)
    assert ("F2A-GIT-023" in _codes(result)) is told
    assert ("of project team trusts other keys" in _text(result, "F2A-GIT-023")) is told
    spec = _bodies(result, "AppProject")["team"]["spec"]
    assert bool({"sourceIntegrity", "signatureKeys"} & set(spec)) is not told


def test_a_project_of_an_earlier_conversion_is_not_ours_to_write(tmp_path: Path) -> None:
    app = _app().replace(
        "namespace: team}", "namespace: team, annotations: {argoflux.dev/project: a}}"
    )
    result = _convert(tmp_path, _secret(ann=ANN), _git(), app)
    assert "project a of Kustomization/team/shop is not part" in _text(result, "F2A-GIT-023")


def test_sources_of_one_name_have_projects_of_their_own(tmp_path: Path) -> None:
    far = (_git() + _app()).replace("namespace: team", "namespace: far").replace(URL, OTHER)
    result = _convert(tmp_path, _secret(ann=ANN), _git(), _app(), far)
    projects = _bodies(result, "AppProject")
    assert len(projects) == 2
    assert sorted(project["spec"]["sourceRepos"] for project in projects.values()) == [
        [URL],
        [OTHER],
    ]


def test_a_source_that_is_not_verified_needs_no_project(tmp_path: Path) -> None:
    result = _convert(tmp_path, _git(""), _app())
    assert _bodies(result, "AppProject") == {}
    assert _codes(result) == []
