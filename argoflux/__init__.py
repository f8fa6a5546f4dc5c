"""argoflux: convert, lint, explain, compare and plan moves between Argo CD and Flux v2."""

__version__ = "0.1.0"
