"""Image updates: the marks in appliers, policies, and the automation that commits."""

from __future__ import annotations

from typing import Any

import pytest

from argoflux.yamlio.dump import Remarked
from tests.unit.argocd_cases import Case, application, convert_case, known

P = "argocd-image-updater.argoproj.io"
URL = "https://git.example.com/acme/shop.git"


def pull(reference: str) -> dict[str, str]:
    """The annotation with credentials of the image web."""
    return {"web__pull_secret": reference}


def app(source: str = "kustomize: {}", *, name: str = "shop", spec: str = "", **notes: str) -> str:
    """Annotations by name; ``__`` stands for a dot, ``_`` for a hyphen."""
    named = {key.replace("__", ".").replace("_", "-"): value for key, value in notes.items()}
    stated = ", ".join(f"'{P}/{key}': '{value}'" for key, value in named.items())
    text = f"{{repoURL: '{URL}', path: {name}, targetRevision: main, {source}}}"
    metadata = f"annotations: {{{stated}}}" if stated else ""
    return "---\n" + application(text, name=name, metadata=metadata, spec=spec)


def remark(value: Any) -> str:
    assert isinstance(value, Remarked)
    return value.remark


def images(case: Case) -> list[dict[str, Any]]:
    return list(case.spec("Kustomization")["images"])


def test_the_tag_of_an_entry_is_marked() -> None:
    case = convert_case(app("kustomize: {images: ['a/web:1.2.3']}", image_list="web=a/web:1.x"))
    (entry,) = images(case)
    assert entry == {"name": "a/web", "newTag": "1.2.3"}
    assert remark(entry["newTag"]) == '{"$imagepolicy": "flux-system:shop-web:tag"}'


def test_the_name_is_marked_where_another_image_takes_the_place() -> None:
    case = convert_case(
        app(
            "kustomize: {images: ['web=b/web:1.2.3']}",
            image_list="web=a/web:1.x",
            web__kustomize__image_name="web",
        )
    )
    (entry,) = images(case)
    assert entry == {"name": "web", "newName": "a/web", "newTag": "1.2.3"}
    assert remark(entry["newName"]) == '{"$imagepolicy": "flux-system:shop-web:name"}'


@pytest.mark.parametrize(
    ("image", "tag"),
    [("web=a/web:1.x", "TODO"), ("web=a/web:1.2.3", "1.2.3"), ("web=a/web:1.2", "TODO")],
)
def test_an_entry_is_made_with_the_tag_that_is_known(image: str, tag: str) -> None:
    (entry,) = images(convert_case(app(image_list=image)))
    assert entry == {"name": "a/web", "newTag": tag}


def test_a_digest_is_marked_as_one() -> None:
    case = convert_case(app(image_list="web=a/web:main", web__update_strategy="digest"))
    (entry,) = images(case)
    assert entry == {"name": "a/web", "digest": "TODO"}
    assert remark(entry["digest"]) == '{"$imagepolicy": "flux-system:shop-web:digest"}'
    assert case.spec("ImagePolicy") == {
        "imageRepositoryRef": {"name": "a-web"},
        "filterTags": {"pattern": "^main$"},
        "policy": {"alphabetical": {"order": "asc"}},
        "digestReflectionPolicy": "Always",
        "interval": "10m",
    }


def test_values_of_a_chart_are_marked() -> None:
    case = convert_case(
        app("helm: {values: 'image: {tag: 1.2.3, pull: always}'}", image_list="a/web:1.x"),
    )
    values = case.spec("HelmRelease")["values"]
    assert values == {"image": {"name": "a/web", "tag": "1.2.3", "pull": "always"}}
    assert remark(values["image"]["tag"]) == '{"$imagepolicy": "flux-system:shop-web:tag"}'
    assert remark(values["image"]["name"]) == '{"$imagepolicy": "flux-system:shop-web:name"}'


@pytest.mark.parametrize(
    ("files", "tag"),
    [
        ({"shop/values.yaml": "image: {tag: v1}"}, "v1"),
        ({"shop/values.yaml": "image: {tag: v1}", "shop/prod.yaml": "image: {tag: v2}"}, "v2"),
        ({"shop/values.yaml": "image: {tag: [v1]}"}, "TODO"),
        ({}, "TODO"),
    ],
)
def test_the_tag_in_use_is_looked_up_in_values_files(files: dict[str, str], tag: str) -> None:
    case = convert_case(app("helm: {valueFiles: [prod.yaml]}", image_list="a/web:1.x"), files=files)
    assert case.spec("HelmRelease")["values"]["image"]["tag"] == tag


def test_the_whole_image_is_marked_in_one_parameter() -> None:
    case = convert_case(
        app("helm: {}", image_list="web=a/web:1.0.0", web__helm__image_spec=r"web\.img.ref")
    )
    value = case.spec("HelmRelease")["values"]["web.img"]["ref"]
    assert value == "a/web:1.0.0"
    assert remark(value) == '{"$imagepolicy": "flux-system:shop-web"}'


def test_apps_share_what_they_can() -> None:
    text = app(image_list="web=a/web:1.x") + app(name="other", image_list="web=a/web:2.x")
    case = convert_case(text)
    assert case.names("ImageRepository") == ["a-web"]
    assert case.names("ImagePolicy") == ["other-web", "shop-web"]
    assert case.names("ImageUpdateAutomation") == ["fleet"]


def test_registries_with_different_credentials_are_scanned_apart() -> None:
    text = app(image_list="web=a/web") + app(
        name="other", image_list="web=a/web", **pull("pullsecret:flux-system/reg")
    )
    assert len(convert_case(text).names("ImageRepository")) == 2


def test_one_automation_for_each_pair_of_branches() -> None:
    text = app(image_list="a/web", git_branch="main:updates") + app(
        name="other", image_list="a/web", git_branch="main"
    )
    case = convert_case(text)
    assert case.names("ImageUpdateAutomation") == ["fleet-main", "fleet-updates"]
    assert case.spec("ImageUpdateAutomation", "fleet-updates")["git"] == {
        "checkout": {"ref": {"branch": "main"}},
        "commit": {
            "author": {"name": "fluxbot", "email": "flux@example.invalid"},
            "messageTemplate": "chore: update images",
        },
        "push": {"branch": "updates"},
    }


def test_without_a_branch_the_one_of_the_source_is_used() -> None:
    git = convert_case(app(image_list="a/web")).spec("ImageUpdateAutomation")["git"]
    assert set(git) == {"commit"}


def test_the_source_that_bootstrap_made_delivers_the_output() -> None:
    kept = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {url: 'https://git.example.com/acme/fleet.git', interval: 1m}
"""
    case = convert_case(app(image_list="a/web"), kept=kept)
    assert case.spec("ImageUpdateAutomation")["sourceRef"] == {
        "kind": "GitRepository",
        "name": "flux-system",
    }
    assert "A2F-IMG-016" not in case.codes()
    assert "A2F-IMG-016" in convert_case(app(image_list="a/web")).codes()


def test_policies_and_their_automation_share_a_namespace() -> None:
    """image-automation-controller reads the policies of its own namespace."""
    case = convert_case(app(image_list="a/web", spec="project: web"), layout="tenant")
    found = {d.kind: d.namespace for d in case.emission.drafts if d.kind.startswith("Image")}
    assert set(found.values()) == {"web"}
    assert case.spec("ImageUpdateAutomation")["sourceRef"]["namespace"] == "flux-system"


def test_images_of_one_name_get_policies_of_their_own() -> None:
    case = convert_case(app(image_list="a/web:1.x, b/web:2.x"))
    assert len(set(case.names("ImagePolicy"))) == 2
    marks = {remark(entry["newTag"]) for entry in images(case)}
    assert len(marks) == 2


@pytest.mark.parametrize(
    ("notes", "why"),
    [
        ({"image_list": "web=a/web", "web__update_strategy": "latest"}, "newest build"),
        ({"image_list": "web=a/web", "web__ignore_tags": "*"}, "switched off"),
        ({"image_list": "web=a/web:stable"}, "no range"),
        ({"image_list": ""}, "no image"),
        ({}, "no annotation"),
    ],
)
def test_what_cannot_be_followed_is_not_marked(notes: dict[str, str], why: str) -> None:
    case = convert_case(app(**notes))
    assert not [d.id for d in case.emission.drafts if d.kind.startswith("Image")], why
    assert "images" not in case.spec("Kustomization")


def test_directories_are_left_alone() -> None:
    case = convert_case(
        app("directory: {recurse: true}", image_list="a/web"), content=known("Service/web/api")
    )
    assert case.names("ImagePolicy") == []


def test_tags_are_found_in_what_the_path_holds() -> None:
    content = known("Deployment/web/api", kind="kustomize")
    body: Any = content.objects[0].body
    body["spec"] = {"containers": [{"image": "a/web:1.4.2@sha256:abc"}, {"image": "b/web:9"}]}
    (entry,) = images(convert_case(app(image_list="a/web:1.x"), content=content))
    assert entry["newTag"] == "1.4.2"


def test_older_releases_have_older_versions() -> None:
    case = convert_case(app(image_list="a/web"), flux="2.4")
    assert case.draft("ImagePolicy").api_version == "image.toolkit.fluxcd.io/v1beta2"


@pytest.mark.parametrize(
    ("rules", "image"),
    [
        (["namePattern: '*'", "namePattern: 'sh*'"], "i1"),
        (["namePattern: 'sh*'", "namePattern: '*'"], "i0"),
        (["namePattern: shop", "namePattern: 'sh*'"], "i0"),
        (["namePattern: 'shop*'", "namePattern: shop"], "i1"),
        (
            ["namePattern: 'sho*'", "namePattern: '*', labelSelectors: {matchLabels: {tier: web}}"],
            "i0",
        ),
        (["namePattern: '[', labelSelectors: {}", "namePattern: '*'"], "i1"),
        (["namePattern: other", "namePattern: 'sh?p'"], "i1"),
    ],
)
def test_the_most_specific_rule_counts(rules: list[str], image: str) -> None:
    """argocd-image-updater:docs/configuration/applications.md."""
    stated = ", ".join(
        f"{{{rule}, images: [{{alias: a, imageName: 'i{n}:1.x'}}]}}" for n, rule in enumerate(rules)
    )
    updater = (
        "---\napiVersion: argocd-image-updater.argoproj.io/v1alpha1\nkind: ImageUpdater\n"
        f"metadata: {{name: u, namespace: argocd}}\nspec: {{applicationRefs: [{stated}]}}\n"
    )
    assert convert_case(app() + updater).spec("ImageRepository")["image"] == image


def test_rules_of_another_namespace_select_nothing() -> None:
    updater = (
        "---\napiVersion: argocd-image-updater.argoproj.io/v1alpha1\nkind: ImageUpdater\n"
        "metadata: {name: u, namespace: other}\n"
        "spec: {applicationRefs: [{namePattern: '*', images: [{alias: a, imageName: a/web}]}]}\n"
    )
    assert convert_case(app() + updater).names("ImageRepository") == []
