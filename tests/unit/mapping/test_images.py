"""Image overrides as text and as parts."""

from __future__ import annotations

import pytest

from argoflux.mapping.images import image_text, parse_image
from argoflux.model.render import Image

DIGEST = "sha256:24a0c4b4a4c0eb97a1aabb8e29f18e917d05abfe1b7a7c07857230879ce7d3d3"


@pytest.mark.parametrize(
    ("text", "name", "new_name", "new_tag", "digest"),
    [
        ("nginx:1.25", "nginx", None, "1.25", None),
        ("nginx=reg:5000/nginx", "nginx", "reg:5000/nginx", None, None),
        ("reg:5000/nginx:1", "reg:5000/nginx", None, "1", None),
        (f"app=reg/app:v2@{DIGEST}", "app", "reg/app", "v2", DIGEST),
        (f"reg.io/app@{DIGEST}", "reg.io/app", None, None, DIGEST),
        ("app=*:v2", "app", None, "v2", None),
        ("app=reg/app:*", "app", "reg/app", None, None),
        (f"app=*@{DIGEST}", "app", None, None, DIGEST),
    ],
)
def test_parse(
    text: str, name: str, new_name: str | None, new_tag: str | None, digest: str | None
) -> None:
    assert parse_image(text) == Image(name=name, new_name=new_name, new_tag=new_tag, digest=digest)


@pytest.mark.parametrize("text", ["nginx", "nginx=", "=reg/nginx:1", "", ":1"])
def test_refused(text: str) -> None:
    """kustomize takes neither a bare name nor an empty side."""
    assert parse_image(text) is None


@pytest.mark.parametrize(
    ("image", "entry", "merge", "text"),
    [
        (Image(name="a", new_tag="1"), None, True, "a=*:1"),
        (Image(name="a", digest=DIGEST), None, True, f"a=*@{DIGEST}"),
        (Image(name="a", new_tag="1", digest=DIGEST), None, True, f"a=*:1@{DIGEST}"),
        (Image(name="a", new_name="b", new_tag="1"), None, True, "a=b:1"),
        (Image(name="a", new_name="b"), Image(name="a", new_tag="9"), True, "a=b:*"),
        (Image(name="a", new_name="b"), Image(name="a", digest=DIGEST), True, "a=b@*"),
        (Image(name="a", new_name="b"), None, True, "a=b"),
        (Image(name="a", new_tag="1"), None, False, "a=a:1"),
    ],
)
def test_write(image: Image, entry: Image | None, merge: bool, text: str) -> None:
    """What Flux leaves alone is a `*`, because `kustomize edit` replaces the whole entry."""
    assert image_text(image, entry_in_git=entry, merge=merge) == text


@pytest.mark.parametrize("text", ["a=*:1", "a=b:1", f"a=b:1@{DIGEST}", "a=b"])
def test_round_trip(text: str) -> None:
    image = parse_image(text)
    assert image is not None
    assert image_text(image) == text
