"""Settings of image updates: names of images, levels, and where each is stated."""

from __future__ import annotations

import pytest

from argoflux.argocd.load_image_updates import split_image
from argoflux.model.image_update import ImageUpdates, WriteBack
from tests.unit.argocd_cases import application, convert_case

P = "argocd-image-updater.argoproj.io"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nginx", ("nginx", "")),
        ("nginx:1.x", ("nginx", "1.x")),
        ("ghcr.io/acme/api:~2", ("ghcr.io/acme/api", "~2")),
        ("localhost:5000/api", ("localhost:5000/api", "")),
        ("localhost:5000/api:2", ("localhost:5000/api", "2")),
        ("nginx@sha256:abc", ("nginx", "")),
        (" nginx:1 ", ("nginx", "1")),
    ],
)
def test_names_and_constraints(text: str, expected: tuple[str, str]) -> None:
    assert split_image(text) == expected


def updates(text: str) -> list[ImageUpdates]:
    return list(convert_case(text).loaded.estate.image_updates.values())


UPDATER = """\
---
apiVersion: argocd-image-updater.argoproj.io/v1alpha1
kind: ImageUpdater
metadata: {name: u, namespace: argocd}
spec:
  commonUpdateSettings: {allowTags: 'regexp:^v', platforms: [a], forceUpdate: true}
  writeBackConfig: {method: 'git:secret:argocd/c', gitConfig: {branch: 'main:up', pullRequest: {gitlab: {}}}}
  applicationRefs:
  - namePattern: shop
    commonUpdateSettings: {platforms: [b, c]}
    images:
    - {alias: a, imageName: 'a:1.x', commonUpdateSettings: {updateStrategy: latest}}
"""


def test_inner_levels_win() -> None:
    (found,) = updates(application("{repoURL: 'https://h/r', path: a}") + UPDATER)
    (image,) = found.images
    assert (image.allow, image.platforms, image.force) == ("regexp:^v", ("b", "c"), True)
    assert image.strategy == "newest-build"
    assert image.stated["platforms"] == (
        "spec",
        "applicationRefs",
        0,
        "commonUpdateSettings",
        "platforms",
    )
    assert image.stated["allow-tags"] == ("spec", "commonUpdateSettings", "allowTags")
    back = found.write_back
    assert (back.method, back.secret, back.branch, back.push_branch, back.pull_request) == (
        "git",
        "argocd/c",
        "main",
        "up",
        "gitlab",
    )


def test_annotations_of_an_alias_with_a_slash() -> None:
    """A slash of an alias is an underscore in keys (docs/configuration/images.md)."""
    notes = f"annotations: {{{P}/image-list: 'a/b=x/y:1', {P}/a_b.allow-tags: any}}"
    (found,) = updates(application("{repoURL: 'https://h/r', path: a}", metadata=notes))
    (image,) = found.images
    assert (image.alias, image.image, image.allow) == ("a/b", "x/y", "any")
    assert found.write_back == WriteBack()
