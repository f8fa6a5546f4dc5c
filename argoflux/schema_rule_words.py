"""What the validation rules of CRDs ask for, in words; the rules themselves are CEL in ``schemas/``.

A release older than ``since`` does not know the rule yet (CRDs of every Flux minor, as
``schemas/SOURCES.md`` says).
"""

from __future__ import annotations

from typing import NamedTuple


class RuleWords(NamedTuple):
    """One rule: what to do, the key of the object that it is about, and its first release."""

    says: str
    key: str = ""
    since: str = ""


_IMAGE_UPDATER = {
    "!(has(self.useAnnotations) && self.useAnnotations == true) ? "
    "(has(self.images) && size(self.images) > 0) : true": RuleWords(
        "list `images`, or set `useAnnotations: true`", "images"
    ),
    "self.enabled == false || has(self.cosignKey)": RuleWords(
        "verification needs a `cosignKey`", "enabled"
    ),
    "(has(self.helm) ? 1 : 0) + (has(self.kustomize) ? 1 : 0) + (has(self.plugin) ? 1 : 0) == 1": (
        RuleWords("set exactly one of `helm`, `kustomize` and `plugin`")
    ),
    "has(self.spec) || has(self.name)": RuleWords("set `spec`, `name` or both"),
    "(has(self.github) ? 1 : 0) + (has(self.gitlab) ? 1 : 0) == 1": RuleWords(
        "set exactly one of `github` and `gitlab`"
    ),
}

_FLUX_INSTANCE = {
    "self.metadata.name == 'flux'": RuleWords("the only name it may have is `flux`"),
    "!has(self.sharding) || !has(self.sharding.storage) || "
    "self.sharding.storage != 'persistent' || has(self.storage)": RuleWords(
        "`sharding.storage: persistent` needs `storage`", "sharding"
    ),
    "(has(self.objectLevelWorkloadIdentity) && self.objectLevelWorkloadIdentity) || "
    "!has(self.multitenantWorkloadIdentity) || !self.multitenantWorkloadIdentity": RuleWords(
        "`multitenantWorkloadIdentity` needs `objectLevelWorkloadIdentity: true`",
        "multitenantWorkloadIdentity",
    ),
    "!has(self.provider) || self.provider != 'gcp' || self.kind == 'OCIRepository' || "
    "self.kind == 'Bucket'": RuleWords(
        "the provider `gcp` is for an OCIRepository or a Bucket", "provider"
    ),
    "!has(self.provider) || self.provider != 'github' || self.kind == 'GitRepository'": RuleWords(
        "the provider `github` is for a GitRepository", "provider"
    ),
    "self == oldSelf": RuleWords("it cannot be changed later"),
}

_RESOURCE_SET = {
    "!has(self.steps) || (!has(self.resources) && !has(self.resourcesTemplate))": RuleWords(
        "`steps` cannot stand beside `resources` or `resourcesTemplate`", "steps"
    ),
    "has(self.steps) || has(self.resources) || has(self.resourcesTemplate)": RuleWords(
        "set `steps`, `resources` or `resourcesTemplate`"
    ),
    "!has(self.includeEmptyProviders) || self.name == 'Permute'": RuleWords(
        "`includeEmptyProviders` is only for `name: Permute`", "includeEmptyProviders"
    ),
    "has(self.name) || has(self.selector)": RuleWords("set `name` or `selector`"),
    "!has(self.name) || !has(self.selector)": RuleWords(
        "set `name` or `selector`, not both", "selector"
    ),
    "self.all(s, self.exists_one(t, t.name == s.name))": RuleWords("each step needs its own name"),
    "has(self.resources) || has(self.resourcesTemplate)": RuleWords(
        "set `resources` or `resourcesTemplate`"
    ),
}

_INPUT_PROVIDER = {
    "self.type != 'Static' || !has(self.url)": RuleWords("the type `Static` has no `url`", "url"),
    "self.type != 'ExternalArtifact' || !has(self.url)": RuleWords(
        "the type `ExternalArtifact` has no `url`", "url"
    ),
    "self.type == 'Static' || self.type == 'ExternalArtifact' || has(self.url)": RuleWords(
        "this type needs a `url`", "type"
    ),
    "!self.type.startsWith('Git') || self.url.startsWith('http')": RuleWords(
        "the `url` of a Git provider starts with `https://` or `http://`", "url"
    ),
    "!self.type.startsWith('AzureDevOps') || self.url.startsWith('http://') || "
    "self.url.startsWith('https://')": RuleWords(
        "the `url` of Azure DevOps starts with `https://` or `http://`", "url"
    ),
    "!self.type.startsWith('AWSCodeCommit') || self.url.startsWith('https://')": RuleWords(
        "the `url` of CodeCommit starts with `https://`", "url"
    ),
    "!self.type.endsWith('ArtifactTag') || self.url.startsWith('oci')": RuleWords(
        "the `url` of a registry starts with `oci://`", "url"
    ),
    "!self.type.endsWith('ArtifactTag') || !self.url.startsWith('oci://') || "
    "self.url.substring(6).contains('/')": RuleWords(
        "the `url` of a registry names a repository behind the host", "url"
    ),
    "self.type != 'ExternalService' || self.url.startsWith('http')": RuleWords(
        "the `url` of an external service starts with `https://` or `http://`", "url"
    ),
    "!has(self.insecure) || !self.insecure || self.type == 'ExternalService' || "
    "self.type == 'OCIArtifactTag'": RuleWords(
        "`insecure` is only for the types `ExternalService` and `OCIArtifactTag`", "insecure"
    ),
    "self.type != 'ExternalService' || !self.url.startsWith('http://') || "
    "(has(self.insecure) && self.insecure)": RuleWords(
        "a `url` without TLS needs `insecure: true`", "url"
    ),
    "!has(self.serviceAccountName) || self.type.startsWith('AzureDevOps') || "
    "self.type.startsWith('AWSCodeCommit') || self.type.endsWith('ArtifactTag') || "
    "self.type == 'ExternalArtifact'": RuleWords(
        "this type takes no `serviceAccountName`", "serviceAccountName"
    ),
    "!has(self.certSecretRef) || !(self.type == 'Static' || self.type == 'ExternalArtifact' || "
    "self.type.startsWith('AzureDevOps') || self.type.startsWith('AWSCodeCommit') || "
    "(self.type.endsWith('ArtifactTag') && self.type != 'OCIArtifactTag'))": RuleWords(
        "this type takes no `certSecretRef`", "certSecretRef"
    ),
    "!has(self.secretRef) || !(self.type == 'Static' || self.type == 'ExternalArtifact' || "
    "self.type.startsWith('AWSCodeCommit') || (self.type.endsWith('ArtifactTag') && "
    "self.type != 'OCIArtifactTag'))": RuleWords("this type takes no `secretRef`", "secretRef"),
    "self.type != 'ExternalArtifact' || (has(self.selectors) && size(self.selectors) > 0)": (
        RuleWords("the type `ExternalArtifact` needs `selectors`", "type")
    ),
    "self.type == 'ExternalArtifact' || !has(self.selectors)": RuleWords(
        "`selectors` are only for the type `ExternalArtifact`", "selectors"
    ),
    "!has(self.name) || (!has(self.matchLabels) && !has(self.matchExpressions))": RuleWords(
        "`name` cannot stand beside `matchLabels` or `matchExpressions`", "name"
    ),
}

_FLUX = {
    "(has(self.chart) && !has(self.chartRef)) || (!has(self.chart) && has(self.chartRef))": (
        RuleWords("set either `chart` or `chartRef`", "chartRef", "2.3")
    ),
    "!has(self.retryInterval) || self.name != 'RemediateOnFailure'": RuleWords(
        "`retryInterval` cannot stand beside `name: RemediateOnFailure`", "retryInterval", "2.7"
    ),
    "!has(self.retryInterval) || self.name == 'RetryOnFailure'": RuleWords(
        "`retryInterval` is only for `name: RetryOnFailure`", "retryInterval", "2.7"
    ),
    "has(self.configMapRef) || has(self.secretRef)": RuleWords(
        "set `configMapRef` or `secretRef`", "", "2.7"
    ),
    "!has(self.configMapRef) || !has(self.secretRef)": RuleWords(
        "set `configMapRef` or `secretRef`, not both", "configMapRef", "2.7"
    ),
    "!has(self.interval) || (has(self.digestReflectionPolicy) && "
    "self.digestReflectionPolicy == 'Always')": RuleWords(
        "`interval` is only for `digestReflectionPolicy: Always`", "interval", "2.6"
    ),
    "has(self.interval) || !has(self.digestReflectionPolicy) || "
    "self.digestReflectionPolicy != 'Always'": RuleWords(
        "`digestReflectionPolicy: Always` needs an `interval`", "digestReflectionPolicy", "2.6"
    ),
    "self.type == 'github' || self.type == 'gitlab' || self.type == 'gitea' || "
    "self.type == 'bitbucketserver' || self.type == 'bitbucket' || self.type == 'azuredevops' || "
    "!has(self.commitStatusExpr)": RuleWords(
        "`commitStatusExpr` is only for types that set the status of a commit: github, gitlab, gitea,"
        " bitbucket, bitbucketserver and azuredevops",
        "commitStatusExpr",
        "2.6",
    ),
    "self.type != 'generic-oidc' || (has(self.oidcProviders) && size(self.oidcProviders) > 0)": (
        RuleWords("the type `generic-oidc` needs `oidcProviders`", "type", "2.9")
    ),
    "self.type == 'generic-oidc' || !has(self.oidcProviders) || size(self.oidcProviders) == 0": (
        RuleWords("`oidcProviders` are only for the type `generic-oidc`", "oidcProviders", "2.9")
    ),
    "self.type != 'generic-oidc' || !has(self.secretRef)": RuleWords(
        "the type `generic-oidc` takes no `secretRef`", "secretRef", "2.9"
    ),
    "self.type == 'generic-oidc' || has(self.secretRef)": RuleWords(
        "this type needs a `secretRef`", "type", "2.9"
    ),
    "has(self.pathPattern) && size(self.pathPattern) > 0 || self.artifacts.all(a, "
    r"a.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'))": (
        RuleWords(
            "without `pathPattern` the names of artifacts are lower case letters, digits and `-`",
            "artifacts",
        )
    ),
    "self.provider == 'aws' || self.provider == 'generic' || !has(self.sts)": RuleWords(
        "`sts` is only for the providers `aws` and `generic`", "sts", "2.4"
    ),
    "self.provider != 'aws' || !has(self.sts) || self.sts.provider == 'aws'": RuleWords(
        "the provider `aws` takes only `sts.provider: aws`", "sts", "2.4"
    ),
    "self.provider != 'generic' || !has(self.sts) || self.sts.provider == 'ldap'": RuleWords(
        "the provider `generic` takes only `sts.provider: ldap`", "sts", "2.4"
    ),
    "!has(self.sts) || self.sts.provider != 'aws' || !has(self.sts.secretRef)": RuleWords(
        "`sts.provider: aws` takes no `sts.secretRef`", "sts", "2.4"
    ),
    "!has(self.sts) || self.sts.provider != 'aws' || !has(self.sts.certSecretRef)": RuleWords(
        "`sts.provider: aws` takes no `sts.certSecretRef`", "sts", "2.4"
    ),
    "self.provider != 'generic' || !has(self.serviceAccountName)": RuleWords(
        "the provider `generic` takes no `serviceAccountName`", "serviceAccountName", "2.7"
    ),
    "!has(self.secretRef) || !has(self.serviceAccountName)": RuleWords(
        "set `secretRef` or `serviceAccountName`, not both", "serviceAccountName", "2.7"
    ),
    "!has(self.serviceAccountName) || (has(self.provider) && (self.provider == 'azure' || "
    "self.provider == 'aws'))": RuleWords(
        "`serviceAccountName` is only for the providers `azure` and `aws`",
        "serviceAccountName",
        "2.7",
    ),
    "!has(self.verify) || self.sourceRef.kind == 'HelmRepository'": RuleWords(
        "`verify` is only for charts of a HelmRepository", "verify", "2.8"
    ),
}

RULE_WORDS: dict[str, RuleWords] = {
    **_IMAGE_UPDATER,
    **_FLUX_INSTANCE,
    **_RESOURCE_SET,
    **_INPUT_PROVIDER,
    **_FLUX,
}
"""Every rule of the schemas by its text."""
