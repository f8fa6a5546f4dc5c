"""Manifests that examples of rules start from: each as its controllers want it, and without a finding."""

from __future__ import annotations

APPLICATION_SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: apps
  namespace: argocd
spec:
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  generators:
    <generator>
  template:
    metadata:
      name: "{{ .name }}"
    spec:
      project: shop
      source:
        repoURL: https://git.example.com/apps.git
        targetRevision: main
        path: web
      destination:
        name: in-cluster
        namespace: web
"""
"""An ApplicationSet; `<generator>` stands for the items of `generators`."""

LIST_GENERATOR = """- list:
        elements:
          - name: web
          - name: api"""
"""A generator with two elements, for `APPLICATION_SET`."""

APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://git.example.com/apps.git
    path: web
    targetRevision: v1.2.3
  destination:
    server: https://kubernetes.default.svc
    namespace: web
  syncPolicy:
    automated: {prune: true, selfHeal: true}
"""
"""An Application that syncs a folder automatically."""

GIT_REPOSITORY = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 5m
  url: https://git.example.com/apps.git
  ref: {tag: v1.2.3}
"""
"""The repository of `KUSTOMIZATION`."""

KUSTOMIZATION = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: web
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ./web
  sourceRef: {kind: GitRepository, name: apps}
  targetNamespace: web
"""
"""A Kustomization of one folder."""

HELM_REPOSITORY = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: charts
  namespace: flux-system
spec:
  interval: 1h
  url: https://charts.example.com
"""
"""The repository of `HELM_RELEASE`."""

HELM_RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: flux-system
spec:
  interval: 10m
  targetNamespace: web
  releaseName: web
  chart:
    spec:
      chart: web
      version: 1.2.3
      sourceRef: {kind: HelmRepository, name: charts}
"""
"""A release of a chart from a repository."""

ARTIFACT_RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: shop
spec:
  interval: 10m
  chartRef:
    kind: OCIRepository
    name: web
"""
"""A release of a chart from a registry."""

ALL_APPS = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  sourceRef:
    kind: GitRepository
    name: fleet
"""
"""A Kustomization without a path: everything in its repository."""

CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  colour: blue
"""
"""An object that something deploys."""

APPLIED = f"{GIT_REPOSITORY}---\n{KUSTOMIZATION}"
"""A Kustomization with its repository."""

RELEASED = f"{HELM_REPOSITORY}---\n{HELM_RELEASE}"
"""A release with the repository of its chart."""

LISTED = "resources:\n  - web.yaml\n"
"""The kustomization file of a folder with one object."""
