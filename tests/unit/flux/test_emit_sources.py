"""GitRepositories, their names, who shares them, and stubs of their Secrets."""

from __future__ import annotations

from typing import Any

import pytest

from argoflux.flux.emit_ignore import ignore_rules
from argoflux.model.render import Plain
from tests.unit.argocd_cases import (
    NOT_HERE,
    application,
    convert_case,
    known,
    resources_from,
)

SHOP = "repoURL: https://github.com/acme/Shop.git"


def several(*sources: str, **more: Any) -> Any:
    texts = [application(source, name=f"app-{n}") for n, source in enumerate(sources)]
    return convert_case("\n---\n".join(texts), **more)


def test_equal_sources_are_shared() -> None:
    """Vector 7: one GitRepository, in the spelling of the smallest app."""
    case = several(f"{{{SHOP}}}", "{repoURL: 'https://github.com/acme/shop', targetRevision: main}")
    assert case.names("GitRepository") == ["shop"]
    draft = case.draft("GitRepository")
    assert draft.body["spec"]["url"] == "https://github.com/acme/Shop.git"
    assert case.said("A2F-SRC-001")["count"] == 2
    assert [app.name for app in draft.apps] == ["app-0", "app-1"]


def test_several_revisions_are_in_the_name() -> None:
    case = several(
        f"{{{SHOP}, targetRevision: main}}",
        f"{{{SHOP}, targetRevision: v1.*}}",
        f"{{{SHOP}, targetRevision: release/2}}",
    )
    assert case.names("GitRepository") == ["shop-main", "shop-release-2", "shop-v1-x"]


def test_repositories_of_one_name() -> None:
    """The smallest app's repository keeps the name, the other gets a hash."""
    case = several("{repoURL: 'https://a/x/shop'}", "{repoURL: 'https://b/x/shop'}")
    kept, other = case.names("GitRepository")
    assert (kept, other[:5], len(other)) == ("shop", "shop-", 13)
    assert case.spec("Kustomization", "app-0")["sourceRef"]["name"] == "shop"
    assert case.spec("Kustomization", "app-1")["sourceRef"]["name"] == other


@pytest.mark.parametrize(
    ("revision", "ref", "code"),
    [
        ("HEAD", {"branch": "trunk"}, None),
        ("''", {"branch": "trunk"}, "A2F-REV-001"),
        ("main", {"branch": "main"}, None),
        ("1.2", {"tag": "1.2"}, None),
        ("1.x", {"semver": "1.x"}, None),
        ("refs/pull/7/head", {"name": "refs/pull/7/head"}, None),
        ("deadbee", {"commit": "TODO-deadbee"}, None),
        ("a" * 40, {"commit": "a" * 40}, "A2F-REV-006"),
    ],
)
def test_revisions(revision: str, ref: dict[str, str], code: str | None) -> None:
    """Vectors 1 to 5: one member of `ref`; a YAML number is read as its text."""
    case = several(f"{{{SHOP}, targetRevision: {revision}}}", default_branch="trunk")
    assert case.spec("GitRepository")["ref"] == ref
    assert {c for c in case.codes() if "REV" in c} == ({code} if code else set())


@pytest.mark.parametrize(
    ("url", "spelled", "keys"),
    [
        (
            "git@github.com:acme/x.git",
            "ssh://git@github.com/acme/x.git",
            ["identity", "known_hosts"],
        ),
        ("git@host:2222/x", "ssh://git@host/2222/x", ["identity", "known_hosts"]),
        ("ssh://git@host:22/x", "ssh://git@host:22/x", ["identity", "known_hosts"]),
        ("https://u:pw@host/x", "https://host/x", ["password", "username"]),
        ("https://host/x", "https://host/x", []),
    ],
)
def test_urls_and_stubs(url: str, spelled: str, keys: list[str]) -> None:
    """Flux takes no scp form; credentials leave the URL for a stub that holds none."""
    case = several(f"{{repoURL: '{url}'}}")
    found = case.spec("GitRepository")
    assert found["url"] == spelled
    assert found.get("secretRef") == ({"name": "x-auth"} if keys else None)
    stubs = [d.body["stringData"] for d in case.emission.drafts if d.kind == "Secret"]
    assert stubs == ([dict.fromkeys(sorted(keys), "TODO")] if keys else [])
    assert "pw" not in str([d.body for d in case.emission.drafts])
    assert case.facts()["url_credentials"] is ("pw" in url)


def test_roots_never_share() -> None:
    """Objects of two roots do not meet."""
    one = resources_from(application(f"{{{SHOP}}}"), root="east")
    two = resources_from(application(f"{{{SHOP}}}"), root="west")
    case = convert_case([*one, *two])
    assert [(d.root, d.name) for d in case.emission.drafts if d.kind == "GitRepository"] == [
        ("east", "shop"),
        ("west", "shop"),
    ]
    assert {d.name for d in case.emission.drafts if d.kind == "Kustomization"} == {"shop"}


def test_submodules() -> None:
    case = several(f"{{{SHOP}}}", files={".gitmodules": ""})
    assert case.spec("GitRepository")["recurseSubmodules"] is True
    assert "A2F-SRC-009" in case.codes()


@pytest.mark.parametrize(
    ("plain", "path", "content", "rules"),
    [
        (Plain(recurse=True), "a", NOT_HERE, None),
        (Plain(recurse=True, include="{*.yml,*.yaml}"), "a", NOT_HERE, None),
        (Plain(), "a", known(), None),
        (Plain(), "a", NOT_HERE, ["/*", "!/a/", "/a/*/"]),
        (Plain(), ".", NOT_HERE, ["/*/"]),
        (Plain(), "a", known(nested_kustomizations=("repo/deploy/s",)), ["/*", "!/a/", "/a/*/"]),
        (
            Plain(include="*.yaml", exclude="{values.yaml,ci/*}"),
            "guestbook",
            NOT_HERE,
            [
                "/*",
                "!/guestbook/",
                "/guestbook/*/",
                "/guestbook/*",
                "!/guestbook/*.yaml",
                "/guestbook/values.yaml",
            ],
        ),
        (
            Plain(recurse=True, include="*.yaml"),
            "a/b",
            NOT_HERE,
            ["/*", "!/a/", "/a/*", "!/a/b/", "/a/b/**/*", "!/a/b/**/*.yaml"],
        ),
        (
            Plain(recurse=True, exclude="x*z.yaml"),
            "a",
            NOT_HERE,
            ["/*", "!/a/", "/a/x*z.yaml", "/a/x*/**/*z.yaml"],
        ),
        (
            Plain(recurse=True),
            "a",
            known(skip_marked=("repo/deploy/s/t.yaml",)),
            ["/*", "!/a/", "/a/s/t.yaml"],
        ),
        (Plain(recurse=True, exclude="?.yaml"), "a[1]", NOT_HERE,
         ["/*", "!/a\\[1\\]/", "/a\\[1\\]/?.yaml"]),
    ],
)  # fmt: skip
def test_ignore_rules(plain: Plain, path: str, content: Any, rules: list[str] | None) -> None:
    """Globs without separators as gitignore rules; none where Flux reads the same files."""
    found = ignore_rules(plain, path, content)
    assert (None if found is None else found.splitlines()[1:]) == rules


def test_filtered_directories_have_their_own_source() -> None:
    """12.2: the rules concern one app, so the GitRepository has its name."""
    case = several(f"{{{SHOP}, path: a, directory: {{include: 'x.yaml'}}}}", f"{{{SHOP}, path: a}}")
    assert case.names("GitRepository") == ["app-0", "shop"]
    assert "A2F-SRC-002" in case.codes()


@pytest.mark.parametrize(
    ("spec", "used"),
    [
        ("{url: 'https://github.com/acme/shop', ref: {branch: main}, interval: 1m}", True),
        ("{url: 'https://github.com/acme/shop'}", False),
        ("{url: 'https://github.com/acme/shop', ref: {branch: main}, ignore: x}", False),
        ("{url: 'https://github.com/acme/shop', ref: {branch: main, tag: v1}}", False),
    ],
)
def test_equal_source_of_the_input_is_used(spec: str, used: bool) -> None:
    """An existing GitRepository counts when it delivers the same whole tree."""
    kept = (
        "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\n"
        f"metadata: {{name: shop, namespace: flux-system}}\nspec: {spec}"
    )
    case = several(f"{{{SHOP}, targetRevision: main}}", kept=kept)
    source = case.spec("Kustomization")["sourceRef"]["name"]
    assert (source == "shop") is used
    assert case.names("GitRepository") == ([] if used else [source])
    assert ("A2F-SRC-026" in case.codes()) is used


def test_names_of_the_input_are_taken() -> None:
    kept = (
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
        "metadata: {name: app-0, namespace: flux-system}"
    )
    (name,) = several(f"{{{SHOP}}}", kept=kept).names("Kustomization")
    assert name.startswith("app-0-")
