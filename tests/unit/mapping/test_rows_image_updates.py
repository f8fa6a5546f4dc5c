"""Image updates: what annotations and ImageUpdater objects become."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.unit.mapping.row_cases import CHARTED, KUSTOMIZED, PLAIN, Row, application, check, ids

if TYPE_CHECKING:
    from pathlib import Path

P = "argocd-image-updater.argoproj.io"
LIST = f'metadata.annotations["{P}/image-list"]'
TAGGED = "kustomize: {images: ['web=web:1.2.3']}"


def at(key: str) -> str:
    """The path of an annotation as reports write it."""
    return f'metadata.annotations["{P}/{key}"]'


def pull(reference: str) -> dict[str, str]:
    """The annotation with credentials of the image web."""
    return {"web__pull_secret": reference}


def app(images: str, source: str = "kustomize: {images: ['a/web:1.2.3']}", **notes: str) -> str:
    """An Application with annotations; in their names ``__`` stands for a dot, ``_`` for a hyphen."""
    named = {key.replace("__", ".").replace("_", "-"): value for key, value in notes.items()}
    stated = {"image-list": images, **named}
    text = ", ".join(f"'{P}/{key}': '{value}'" for key, value in stated.items())
    return application(source, metadata=f"annotations: {{{text}}}, labels: {{tier: web}}")


def updater(rule: str, *, spec: str = "", name: str = "updates") -> str:
    """An ImageUpdater with one rule, in flow style."""
    more = f", {spec}" if spec else ""
    return f"""\
apiVersion: argocd-image-updater.argoproj.io/v1alpha1
kind: ImageUpdater
metadata: {{name: {name}, namespace: argocd}}
spec: {{applicationRefs: [{{{rule}}}]{more}}}
---
"""


def updated(image: str, *, spec: str = "", source: str = TAGGED, rule: str = "") -> str:
    """An Application and the object that keeps one image of it up to date."""
    more = f", {rule}" if rule else ""
    return application(source) + updater(
        f"namePattern: '*', images: [{{{image}}}]{more}", spec=spec
    )


WEB = "alias: web, imageName: 'web:1.x'"
REFS = "spec.applicationRefs[0]"

ANNOTATIONS = [
    Row(
        id="an image that follows a range",
        text=app("web=a/web:1.x"),
        path=LIST,
        verdict="equivalent",
        targets=("spec.image", "spec.imageRepositoryRef.name", "spec.policy.semver.range"),
    ),
    Row(
        id="the tag is known from the manifests",
        text=app("web=api:1.x", source="kustomize: {}"),
        files={**KUSTOMIZED, "app/kustomization.yaml": "resources: [deployment.yaml]\n"},
        path=LIST,
        verdict="manual",
        code="A2F-IMG-010",
        shown="`spec.images[0].newTag`",
    ),
    Row(
        id="a tag that is a version for one of the two alone",
        text=app("web=a/web:1.x", source="kustomize: {images: ['a/web:1.2']}"),
        path=LIST,
        verdict="approximate",
        code="A2F-IMG-026",
        shown="the tag 1.2 now",
    ),
    Row(
        id="an image without a name",
        text=app("web="),
        path=LIST,
        verdict="unknown",
        code="A2F-IMG-009",
    ),
    Row(
        id="newest build",
        text=app("web=a/web", web__update_strategy="newest-build"),
        path=at("web.update-strategy"),
        verdict="manual",
        code="A2F-IMG-001",
    ),
    Row(
        id="newest build by its old name",
        text=app("web=a/web", web__update_strategy="latest"),
        path=LIST,
        verdict="manual",
        code="A2F-IMG-001",
    ),
    Row(
        id="by name",
        text=app("web=a/web", web__update_strategy="alphabetical"),
        path=at("web.update-strategy"),
        verdict="exact",
        targets=("spec.policy.alphabetical.order",),
    ),
    Row(
        id="by version, for all images",
        text=app("web=a/web", update_strategy="semver"),
        path=at("update-strategy"),
        verdict="equivalent",
    ),
    Row(
        id="a strategy that does not exist",
        text=app("web=a/web", web__update_strategy="newest"),
        path=at("web.update-strategy"),
        verdict="unknown",
        code="A2F-IMG-021",
        shown="`newest`",
    ),
    Row(
        id="a digest",
        text=app("web=a/web:main", web__update_strategy="digest"),
        path=at("web.update-strategy"),
        verdict="equivalent",
        code="A2F-IMG-002",
        shown="the digest of one tag of a/web",
    ),
    Row(
        id="a digest in a release without digests",
        text=app("web=a/web:main", web__update_strategy="digest"),
        flux="2.5",
        path=at("web.update-strategy"),
        verdict="manual",
        code="A2F-IMG-023",
        shown="Flux 2.5",
    ),
    Row(
        id="an expression for tags",
        text=app("web=a/web", web__allow_tags="regexp:^v"),
        path=at("web.allow-tags"),
        verdict="equivalent",
        targets=("spec.filterTags.pattern",),
    ),
    Row(
        id="any tag",
        text=app("web=a/web", web__allow_tags="any"),
        path=at("web.allow-tags"),
        verdict="equivalent",
        targets=(),
    ),
    Row(
        id="a function that does not exist",
        text=app("web=a/web", web__allow_tags="glob:v*"),
        path=at("web.allow-tags"),
        verdict="unknown",
        code="A2F-IMG-009",
        shown="`glob:v*`",
    ),
    Row(
        id="a constraint that is none",
        text=app("web=a/web:stable"),
        path=LIST,
        verdict="unknown",
        code="A2F-IMG-009",
    ),
    Row(
        id="ignored tags that are no versions",
        text=app("web=a/web", web__ignore_tags="latest, sha-*"),
        path=at("web.ignore-tags"),
        verdict="equivalent",
    ),
    Row(
        id="ignored pre-releases, which the range leaves out",
        text=app("web=a/web:1.x", web__ignore_tags="*-rc*"),
        path=at("web.ignore-tags"),
        verdict="equivalent",
    ),
    Row(
        id="ignored versions",
        text=app("web=a/web", web__ignore_tags="1.2.*"),
        path=at("web.ignore-tags"),
        verdict="manual",
        code="A2F-IMG-003",
    ),
    Row(
        id="ignored names",
        text=app("web=a/web", web__update_strategy="name", web__ignore_tags="latest"),
        path=at("web.ignore-tags"),
        verdict="manual",
        code="A2F-IMG-003",
    ),
    Row(
        id="all tags ignored",
        text=app("web=a/web", web__ignore_tags="*"),
        path=at("web.ignore-tags"),
        verdict="equivalent",
        code="A2F-IMG-011",
    ),
    Row(
        id="forced updates",
        text=app("web=a/web", web__force_update="true"),
        path=at("web.force-update"),
        verdict="exact",
    ),
    Row(
        id="platforms",
        text=app("web=a/web", web__platforms="linux/arm64"),
        path=at("web.platforms"),
        verdict="none",
        code="A2F-IMG-007",
    ),
    Row(
        id="a pull secret of another namespace",
        text=app("web=a/web", **pull("pullsecret:argocd/reg")),
        path=at("web.pull-secret"),
        verdict="manual",
        code="A2F-IMG-012",
        shown="Secret reg in flux-system is to be copied from namespace argocd",
    ),
    Row(
        id="a pull secret beside the new objects",
        text=app("web=a/web", **pull("pullsecret:flux-system/reg")),
        path=at("web.pull-secret"),
        verdict="equivalent",
        targets=("spec.secretRef.name",),
    ),
    Row(
        id="user and password",
        text=app("web=a/web", **pull("secret:argocd/reg#creds")),
        path=at("web.pull-secret"),
        verdict="manual",
        code="A2F-IMG-012",
        shown="is to be made of user and password",
    ),
    Row(
        id="credentials of a script",
        text=app("web=a/web", **pull("ext:/scripts/login.sh")),
        path=at("web.pull-secret"),
        verdict="manual",
        code="A2F-IMG-012",
        shown="has no counterpart of `ext`",
    ),
    Row(
        id="the name in the build",
        text=app("web=a/web", source=TAGGED, web__kustomize__image_name="web"),
        path=at("web.kustomize.image-name"),
        verdict="equivalent",
    ),
    Row(
        id="parameters of a chart",
        text=app(
            "web=a/web:1.x",
            source="helm: {parameters: [{name: web.tag, value: '1.2.3'}]}",
            web__helm__image_tag="web.tag",
            web__helm__image_name="web.name",
        ),
        files=CHARTED,
        path=at("web.helm.image-tag"),
        verdict="equivalent",
        targets=("spec.values.web.name", "spec.values.web.tag"),
    ),
    Row(
        id="name and tag in one parameter",
        text=app(
            "web=a/web:1.x",
            source="helm: {parameters: [{name: image, value: 'a/web:1.2.3'}]}",
            web__helm__image_spec="image",
        ),
        files=CHARTED,
        path=at("web.helm.image-spec"),
        verdict="equivalent",
    ),
    Row(
        id="a digest in a parameter of its own",
        text=app("web=a/web:main", source="helm: {}", web__update_strategy="digest"),
        files=CHARTED,
        path=LIST,
        verdict="manual",
        code="A2F-IMG-018",
    ),
    Row(
        id="an item of a list",
        text=app("web=a/web:1.x", source="helm: {}", web__helm__image_tag="tags[0]"),
        files=CHARTED,
        path=at("web.helm.image-tag"),
        verdict="manual",
        code="A2F-IMG-018",
    ),
    Row(
        id="a directory is left alone",
        text=app("web=a/web", source="directory: {recurse: true}"),
        files=PLAIN,
        path=LIST,
        verdict="equivalent",
        code="A2F-IMG-013",
    ),
    Row(
        id="settings of an image that is not listed",
        text=app("web=a/web", api__update_strategy="semver"),
        path=at("api.update-strategy"),
        verdict="equivalent",
        code="A2F-IMG-017",
    ),
    Row(
        id="a key that nothing reads",
        text=app("web=a/web", image_lists="web"),
        path=at("image-lists"),
        verdict="equivalent",
        code="A2F-IMG-022",
    ),
    Row(
        id="written to the Application",
        text=app("web=a/web", write_back_method="argocd"),
        path=at("write-back-method"),
        verdict="approximate",
        code="A2F-IMG-004",
        shown="the GitRepository flux-system",
    ),
    Row(
        id="written to the Application by default",
        text=app("web=a/web"),
        code="A2F-IMG-004",
        shown="Application/argocd/shop",
    ),
    Row(
        id="written to Git",
        text=app("web=a/web", write_back_method="git:secret:argocd/creds"),
        path=at("write-back-method"),
        verdict="equivalent",
        code="A2F-IMG-006",
        shown="argocd/creds",
    ),
    Row(
        id="a branch",
        text=app("web=a/web", git_branch="main:updates"),
        path=at("git-branch"),
        verdict="equivalent",
        targets=("spec.git.checkout.ref.branch", "spec.git.push.branch"),
    ),
    Row(
        id="a branch for each change",
        text=app("web=a/web", git_branch="main:image-{{.SHA256}}"),
        path=at("git-branch"),
        verdict="approximate",
        code="A2F-IMG-019",
        shown="`image`",
    ),
    Row(
        id="a repository",
        text=app("web=a/web", git_repository="https://git.example.com/acme/other.git"),
        path=at("git-repository"),
        verdict="approximate",
        code="A2F-IMG-020",
    ),
    Row(
        id="a file",
        text=app("web=a/web", write_back_target="kustomization"),
        path=at("write-back-target"),
        verdict="approximate",
        code="A2F-IMG-015",
    ),
    Row(
        id="where nothing is kept up to date, nothing is written",
        text=app("web=a/web:stable", write_back_target="kustomization"),
        path=at("write-back-target"),
        verdict="equivalent",
        code="A2F-IMG-017",
    ),
    Row(
        id="which repository holds the output is assumed",
        text=app("web=a/web"),
        code="A2F-IMG-016",
        shown="./apps",
    ),
]

OBJECTS = [
    Row(
        id="an image",
        text=updated("alias: web, imageName: 'web:1.x'"),
        path=f"{REFS}.images[0].imageName",
        verdict="equivalent",
        targets=("spec.image", "spec.imageRepositoryRef.name", "spec.policy.semver.range"),
    ),
    Row(
        id="a rule",
        text=updated(WEB),
        path=f"{REFS}.namePattern",
        verdict="equivalent",
        code=None,
    ),
    Row(
        id="a rule for nothing",
        text=application(TAGGED) + updater(f"namePattern: other, images: [{{{WEB}}}]"),
        path=f"{REFS}.namePattern",
        verdict="manual",
        code="A2F-IMG-025",
    ),
    Row(
        id="an image of a rule for nothing",
        text=application(TAGGED) + updater(f"namePattern: other, images: [{{{WEB}}}]"),
        path=f"{REFS}.images[0].imageName",
        verdict="manual",
        code="A2F-IMG-025",
    ),
    Row(
        id="general settings of rules for nothing",
        text=application(TAGGED)
        + updater(
            f"namePattern: other, images: [{{{WEB}}}]", spec="writeBackConfig: {method: git}"
        ),
        path="spec.writeBackConfig.method",
        verdict="manual",
        code="A2F-IMG-025",
    ),
    Row(
        id="labels that no Application has",
        text=updated(WEB, rule="labelSelectors: {matchLabels: {tier: web}}"),
        path=f"{REFS}.labelSelectors.matchLabels.tier",
        verdict="manual",
        code="A2F-IMG-025",
    ),
    Row(
        id="annotations that are not there are none to convert",
        text=application(TAGGED) + updater("namePattern: '*', useAnnotations: true"),
        path=f"{REFS}.useAnnotations",
        verdict="equivalent",
    ),
    Row(
        id="annotations count",
        text=app("web=a/web") + updater("namePattern: '*', useAnnotations: true"),
        path=LIST,
        verdict="equivalent",
        resource="Application",
    ),
    Row(
        id="annotations do not count beside an object",
        text=app("web=a/web") + updater(f"namePattern: '*', images: [{{{WEB}}}]"),
        path=LIST,
        verdict="equivalent",
        code="A2F-IMG-017",
        resource="Application",
    ),
    Row(
        id="a setting of all images",
        text=updated(WEB, spec="commonUpdateSettings: {updateStrategy: newest-build}"),
        path="spec.commonUpdateSettings.updateStrategy",
        verdict="manual",
        code="A2F-IMG-001",
    ),
    Row(
        id="a setting that a rule overrides",
        text=updated(
            WEB,
            spec="commonUpdateSettings: {updateStrategy: newest-build}",
            rule="commonUpdateSettings: {updateStrategy: semver}",
        ),
        path="spec.commonUpdateSettings.updateStrategy",
        verdict="equivalent",
        code="A2F-IMG-017",
    ),
    Row(
        id="a setting of an image",
        text=updated(f"{WEB}, commonUpdateSettings: {{ignoreTags: ['1.2.*', latest]}}"),
        path=f"{REFS}.images[0].commonUpdateSettings.ignoreTags[1]",
        verdict="manual",
        code="A2F-IMG-003",
    ),
    Row(
        id="parameters of a plugin",
        text=updated(f"{WEB}, manifestTargets: {{plugin: {{name: IMAGE}}}}"),
        path=f"{REFS}.images[0].manifestTargets.plugin.name",
        verdict="manual",
        code="A2F-IMG-014",
    ),
    Row(
        id="signatures",
        text=updated(WEB, spec="imagesVerification: {cosignKey: {secretName: a, key: b}}"),
        path="spec.imagesVerification.cosignKey.secretName",
        verdict="none",
        code="A2F-IMG-008",
    ),
    Row(
        id="signatures, switched off",
        text=updated(f"{WEB}, imagesVerification: {{enabled: false}}"),
        path=f"{REFS}.images[0].imagesVerification.enabled",
        verdict="equivalent",
    ),
    Row(
        id="pull requests",
        text=updated(
            WEB, spec="writeBackConfig: {method: git, gitConfig: {pullRequest: {github: {}}}}"
        ),
        path="spec.writeBackConfig.gitConfig.pullRequest.github",
        verdict="manual",
        code="A2F-IMG-005",
        shown="github",
    ),
    Row(
        id="where a rule writes itself, the general way plays no part",
        text=updated(
            WEB, spec="writeBackConfig: {method: argocd}", rule="writeBackConfig: {method: git}"
        ),
        path="spec.writeBackConfig.method",
        verdict="equivalent",
        code="A2F-IMG-017",
    ),
    Row(
        id="two objects for one Application",
        text=updated(WEB) + updater(f"namePattern: shop, images: [{{{WEB}}}]", name="others"),
        code="A2F-IMG-024",
        shown="ImageUpdater/argocd/others and ImageUpdater/argocd/updates",
    ),
    Row(
        id="the object itself",
        text=updated(WEB),
        path="metadata.name",
        verdict="exact",
        resource="ImageUpdater",
    ),
]


@ids(ANNOTATIONS)
def test_annotation(tmp_path: Path, row: Row) -> None:
    check(tmp_path, row if row.files else replace(row, files=KUSTOMIZED))


@ids(OBJECTS)
def test_object(tmp_path: Path, row: Row) -> None:
    check(tmp_path, row if row.files else replace(row, files=KUSTOMIZED))
