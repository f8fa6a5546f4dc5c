"""A key that stands twice in one mapping.

## What it does

It reports the second entry and names the line of the first. Keys that come in with a merge (`<<`)
do not count: to write one of them again is how a merge is used.

## Why is this bad

The readers disagree. kubectl and the directory sources of Argo CD keep the last value without a word
(kubernetes-sigs/yaml:yaml.go); kustomize, and with it every Flux Kustomization, refuses the file
(go-yaml/yaml:decode.go). The usual origin is a merge conflict that kept both sides, so the earlier
value was meant by somebody.

## Fix safety

The fix removes the earlier entry, only where both have the same value. It is unsafe because a build
that failed so far then succeeds.

## When to ignore it

Never: two entries cannot both be meant.
"""

from __future__ import annotations

from argoflux.finding import Severity
from argoflux.lint.rule import Example, Rule

RULE = Rule(code="AF002", name="duplicate-mapping-key", severity=Severity.ERROR, scope="loading")

_PLAIN = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: fleet
  namespace: flux-system
spec:
  interval: 5m
  url: https://git.example.com/fleet.git
"""

BAD = (
    Example(title="two values", yaml=_PLAIN + "  interval: 10m\n", at="spec.interval"),
    Example(
        title="the same value twice",
        yaml=_PLAIN + "  interval: 5m\n",
        at="spec.interval",
        fixed=_PLAIN.replace("  interval: 5m\n", "") + "  interval: 5m\n",
        safety="unsafe",
    ),
)
GOOD = (
    Example(title="each key once", yaml=_PLAIN),
    Example(
        title="a key that a merge brings too",
        yaml="""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: &names
  name: fleet
  namespace: flux-system
  labels:
    <<: &shared {team: shop, stage: test}
    stage: production
spec:
  interval: 5m
  url: https://git.example.com/fleet.git
""",
    ),
)
