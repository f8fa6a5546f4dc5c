"""Which root a file belongs to: cluster, Git work tree, given path, or single files."""

from __future__ import annotations

from argoflux.workspace.read import read

KS = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: %s, namespace: flux-system}
spec: {path: %s, interval: 10m, prune: true}
"""
RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: %s, namespace: apps}
"""


def roots(root, *paths) -> dict[str, str]:
    """File to root name."""
    found = read(paths or (".",), cwd=str(root))
    return {resource.file: resource.root for resource in found.resources}


def kinds(root, *paths) -> dict[str, str]:
    return {each.name: each.kind for each in read(paths or (".",), cwd=str(root)).roots}


def two_clusters(**more):
    return {
        "clusters/prod/flux-system/gotk-sync.yaml": KS % ("flux-system", "./clusters/prod"),
        "clusters/prod/apps.yaml": KS % ("apps", "./apps/prod"),
        "clusters/test/flux-system/gotk-sync.yaml": KS % ("flux-system", "./clusters/test"),
        "clusters/test/apps.yaml": KS % ("apps", "./apps/test"),
        "apps/prod/kustomization.yaml": "resources: [../base, own.yaml]\n",
        "apps/prod/own.yaml": RELEASE % "own",
        "apps/test/kustomization.yaml": "resources: [../base]\ncomponents: [../only-test]\n",
        "apps/base/kustomization.yaml": "resources: [web.yaml]\n",
        "apps/base/web.yaml": RELEASE % "web",
        "apps/only-test/kustomization.yaml": "kind: Component\nresources: [t.yaml]\n",
        "apps/only-test/t.yaml": RELEASE % "t",
        "lost/x.yaml": RELEASE % "x",
        **more,
    }


def test_two_clusters_share_what_both_or_none_reach(write):
    root = write({f"fleet/{name}": text for name, text in two_clusters().items()})
    assert roots(root, "fleet") == {
        "fleet/clusters/prod/flux-system/gotk-sync.yaml": "prod",
        "fleet/clusters/prod/apps.yaml": "prod",
        "fleet/clusters/test/flux-system/gotk-sync.yaml": "test",
        "fleet/clusters/test/apps.yaml": "test",
        "fleet/apps/prod/own.yaml": "prod",
        "fleet/apps/base/web.yaml": "fleet",
        "fleet/apps/only-test/t.yaml": "test",
        "fleet/lost/x.yaml": "fleet",
    }
    assert kinds(root, "fleet") == {"fleet": "path", "prod": "cluster", "test": "cluster"}


def test_a_kustomization_leads_on_to_the_next(write):
    files = two_clusters(**{"apps/prod/own.yaml": KS % ("next", "lost")})
    assert (
        roots(write({f"f/{name}": text for name, text in files.items()}), "f")["f/lost/x.yaml"]
        == "prod"
    )


def test_the_name_of_a_git_root_is_that_of_its_origin(write):
    git = {".git/config": '[remote "origin"]\n  url = git@github.com:org/fleet-infra.git\n'}
    root = write({**two_clusters(), **git})
    assert kinds(root) == {"fleet-infra": "git", "prod": "cluster", "test": "cluster"}


def test_one_cluster_owns_everything(write):
    files = {name: text for name, text in two_clusters().items() if "clusters/test" not in name}
    root = write({f"f/{name}": text for name, text in files.items()})
    assert set(roots(root, "f").values()) == {"prod"}
    assert kinds(root, "f") == {"prod": "cluster"}


def test_an_empty_gotk_sync_tells_the_cluster_too(write):
    files = two_clusters()
    for name in files:
        if name.endswith("gotk-sync.yaml"):
            files[name] = "# written by flux bootstrap\n"
    root = write({f"f/{name}": text for name, text in files.items()})
    assert kinds(root, "f") == {"f": "path", "prod": "cluster", "test": "cluster"}


def test_folders_called_clusters_are_clusters_by_habit_but_not_their_base(write):
    root = write(
        {
            "f/clusters/a/x.yaml": KS % ("x", "./apps"),
            "f/clusters/b/x.yaml": KS % ("x", "./apps"),
            "f/clusters/base/x.yaml": KS % ("x", "./apps"),
        }
    )
    assert roots(root, "f") == {
        "f/clusters/a/x.yaml": "a",
        "f/clusters/b/x.yaml": "b",
        "f/clusters/base/x.yaml": "f",
    }


def test_a_flux_instance_names_its_cluster(write):
    instance = (
        "apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\n"
        "metadata: {name: flux, namespace: flux-system}\nspec: {sync: {path: %s}}\n"
    )
    root = write(
        {
            "f/boot/a.yaml": instance % "envs/a",
            "f/boot/b.yaml": instance % "envs/b",
            "f/envs/a/x.yaml": RELEASE % "x",
            "f/envs/b/x.yaml": RELEASE % "x",
        }
    )
    assert roots(root, "f")["f/envs/a/x.yaml"] == "a"
    assert roots(root, "f")["f/boot/a.yaml"] == "f"


def test_values_that_state_a_flux_instance_name_its_cluster(write):
    release = (
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
        "metadata: {name: flux, namespace: flux-system}\n"
        "spec: {values: {instance: {sync: {url: 'https://git.example.com/f', path: %s}}}}\n"
    )
    root = write(
        {
            "f/boot/a.yaml": release % "envs/a",
            "f/boot/b.yaml": release % "envs/b",
            "f/boot/c.yaml": RELEASE % "other"
            + "spec: {values: {instance: {sync: {path: envs/c}}}}",
            "f/envs/a/x.yaml": RELEASE % "x",
            "f/envs/b/x.yaml": RELEASE % "x",
            "f/envs/c/x.yaml": RELEASE % "x",
        }
    )
    found = roots(root, "f")
    assert (found["f/envs/a/x.yaml"], found["f/envs/b/x.yaml"]) == ("a", "b")
    assert found["f/envs/c/x.yaml"] == "f"


def test_the_repository_may_be_a_folder_of_the_input(write):
    root = write({f"f/repos/one/{name}": text for name, text in two_clusters().items()})
    found = roots(root, "f")
    assert found["f/repos/one/clusters/prod/apps.yaml"] == "prod"
    assert found["f/repos/one/apps/prod/own.yaml"] == "prod"


def test_names_grow_until_they_differ(write):
    root = write(
        {
            f"f/{region}/clusters/prod/flux-system/gotk-sync.yaml": KS
            % ("flux-system", f"{region}/clusters/prod")
            for region in ("eu", "us")
        }
    )
    assert set(roots(root, "f").values()) == {"prod", "clusters-prod"} or set(
        roots(root, "f").values()
    ) == {"eu-clusters-prod", "us-clusters-prod"}


def test_given_folders_outside_of_git_are_roots_and_single_files_are_one(write):
    root = write({"a/x.yaml": RELEASE % "x", "b/x.yaml": RELEASE % "x", "c.yaml": RELEASE % "c"})
    assert roots(root, "a", "b", "c.yaml", "b/x.yaml") == {
        "a/x.yaml": "a",
        "b/x.yaml": "b",
        "c.yaml": "input",
    }
    write({".git/HEAD": ""})
    assert len(set(roots(root, "a", "b", "c.yaml").values())) == 1


def test_root_names_are_slugs(write):
    root = write({"we ird:näme/x.yaml": RELEASE % "x"})
    assert list(kinds(root, "we ird:näme")) == ["we-ird-n-me"]
