"""A file that is a template and was not read.

## What it does

It tells of a file that is no YAML before a template engine (Helm, Jinja) has filled it in.

## Why is this bad

It is not: the remark says that what the file would hold was not looked at, so that silence about it
is not taken for approval.

## When to ignore it

When the templates are somebody else's, such as those of a Helm chart in the repository.
"""

from __future__ import annotations

from argoflux.finding import Severity
from argoflux.lint.rule import Example, Rule

RULE = Rule(code="AF006", name="templated-file-skipped", severity=Severity.INFO, scope="loading")

BAD = (
    Example(
        title="an action in the place of a key",
        yaml="""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
{{- if .Values.labels }}
  labels: {}
{{- end }}
""",
        at="line 6",
    ),
)
GOOD = (
    Example(
        title="an action inside of quotes",
        yaml="""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: "{{ .Release.Name }}"
""",
    ),
)
