"""What SOPS encrypted is left out of Applications, and said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.argocd.estates import GIT, KUSTOMIZATION, Result, flux_to_argocd, kustomization

if TYPE_CHECKING:
    from pathlib import Path

DECRYPTS = ", decryption: {provider: sops, secretRef: {name: keys}}"
PLAIN = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: plain, namespace: shop}\ndata: {a: b}\n"
ENC = "ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]"


def _secret(
    name: str = "db", sops: str = "{age: [{recipient: age1}], mac: a}", note: str = ""
) -> str:
    return (
        f"apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}, namespace: shop{note}}}\n"
        f'stringData: {{password: "{ENC}"}}\nsops: {sops}\n'
    )


def _convert(folder: Path, files: dict[str, str], more: str = DECRYPTS, **options: Any) -> Result:
    texts = {f"app/{name}": text for name, text in files.items()}
    cluster = {"cluster/all.yaml": GIT + KUSTOMIZATION % more}
    return flux_to_argocd(folder, {**texts, **cluster}, to_folder=True, **options)


def test_files_of_a_directory_are_excluded(tmp_path: Path) -> None:
    result = _convert(tmp_path, {"plain.yaml": PLAIN, "db.yaml": _secret()})
    assert result.app()["spec"]["source"]["directory"]["exclude"] == "db.yaml"
    text = result.text("F2A-SOPS-001")
    assert "left out: db.yaml (age)" in text
    assert "Secret flux-system/keys (`*.agekey`)" in text


@pytest.mark.parametrize(
    "files",
    [
        {
            "kustomization.yaml": kustomization("p.yaml", "s.yaml"),
            "p.yaml": PLAIN,
            "s.yaml": _secret(),
        },
        {"all.yaml": f"{PLAIN}---\n{_secret()}"},
    ],
    ids=["a kustomization file", "a file with others"],
)
def test_objects_of_a_build_are_deleted_from_it(tmp_path: Path, files: dict[str, str]) -> None:
    (patch,) = _convert(tmp_path, files).app()["spec"]["source"]["kustomize"]["patches"]
    assert patch["target"] == {"kind": "Secret", "name": "db", "namespace": "shop"}
    assert patch["patch"].startswith("$patch: delete\n")


def test_without_patches_the_ciphertext_is_said(tmp_path: Path) -> None:
    """Argo CD 2.8 has no field for them."""
    files = {
        "kustomization.yaml": kustomization("s.yaml", "p.yaml"),
        "p.yaml": PLAIN,
        "s.yaml": _secret(),
    }
    result = _convert(tmp_path, files, argocd="2.8")
    assert "kustomize" not in result.app()["spec"]["source"]
    assert "applied as ciphertext: s.yaml" in result.text("F2A-SOPS-001")


def test_rendered_files_are_without_ciphertext(tmp_path: Path) -> None:
    files = {"plain.yaml": PLAIN.replace("{a: b}", '{a: "${x}"}'), "db.yaml": _secret()}
    result = _convert(tmp_path, files, DECRYPTS + ", postBuild: {substitute: {x: z}}")
    (rendered,) = (f for f in result.conversion.files if f.path.startswith("rendered/"))
    assert "a: z" in rendered.text
    assert "ENC[" not in rendered.text


@pytest.mark.parametrize(
    ("secret", "more"),
    [
        (_secret(), ""),
        (_secret(sops="{version: 1}"), DECRYPTS),
        (
            _secret(note=", annotations: {kustomize.toolkit.fluxcd.io/decrypt: disabled}"),
            DECRYPTS,
        ),
    ],
    ids=["no decryption", "nothing encrypted", "told not to"],
)
def test_what_flux_leaves_alone_stays(tmp_path: Path, secret: str, more: str) -> None:
    result = _convert(tmp_path, {"db.yaml": secret}, more)
    assert "exclude" not in result.app()["spec"]["source"]["directory"]


def test_encrypted_inputs_of_generators_are_named(tmp_path: Path) -> None:
    files = {
        "kustomization.yaml": "secretGenerator:\n- name: env\n  envs: [x.env]\n",
        "x.env": f"password={ENC}\nsops_mac={ENC}\n",
    }
    result = _convert(tmp_path, files)
    assert "generators read ciphertext: x.env" in result.text("F2A-SOPS-001")


def test_a_path_out_of_sight_says_so(tmp_path: Path) -> None:
    result = _convert(tmp_path, {}, sources=())
    assert "cannot be seen from here" in result.text("F2A-SOPS-001")
