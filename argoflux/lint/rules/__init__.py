"""One module per rule: what it finds, why it matters, and examples that are its tests."""
