"""Sentences about objects of an Argo CD installation to which the output adds keys."""

from __future__ import annotations

from argoflux.mapping.verdict import Message, Verdict

F2A_CM_001 = Message(
    code="F2A-CM-001",
    verdict=Verdict.EQUIVALENT,
    text="what the output adds to {object} of Argo CD stands in `{part}`: {keys}",
    instead="merge its data into the object; applying the file by itself could take other keys away",
)
F2A_CM_002 = Message(
    code="F2A-CM-002",
    verdict=Verdict.MANUAL,
    text="{object} stands in {file}, without what the output adds to it: {keys}",
    instead="add these keys there, from `{part}`",
)
F2A_CM_003 = Message(
    code="F2A-CM-003",
    verdict=Verdict.MANUAL,
    text="{object} in {file} gives other values to keys of the output: {keys}",
    instead="keep what both need of each, in one value: the output is `{part}`",
)
