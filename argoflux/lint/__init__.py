"""Lint: rules about manifests of Argo CD and Flux, each an expert's remark with its place."""
