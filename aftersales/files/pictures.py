"""Turn what somebody uploaded into a picture of our own making, or say why not. Pure: bytes in, bytes out.

Only pixels survive: no EXIF (place, device), no XMP, no embedded thumbnail, no second frame, no bytes after the end.
Colour profiles are dropped too: they would have to be interpreted by a parser of their own (docs/files.md).
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import IO, Any

from django.core.files import File
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from aftersales.files.kinds import kind_of
from aftersales.kernel.errors import BadInput

CONTENT_TYPE = "image/jpeg"
THUMB_SIDE = 480  # pixels
_QUALITY, _THUMB_QUALITY = 86, 78
_FORMATS = ("JPEG", "PNG", "WEBP")
_HEIC = (b"ftyphei", b"ftyphev", b"ftypmif1", b"ftypmsf1", b"ftypavif")

# Pillow only warns between 89 and 179 megapixels. Our own limit is far below; this is the second bolt on the door.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class Limits:
    """What is taken in and what is kept; the defaults are the settings' (reliability: 8 MB, 25 MP, 2,560 px)."""

    most_bytes: int
    most_pixels: int
    most_side: int
    stored_side: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture encoded by us, with its small version. `name` is the sender's, made harmless."""

    name: str
    body: bytes
    thumb: bytes
    width: int
    height: int


def read(file: IO[bytes] | File[Any], *, name: str, size: int, limits: Limits, field: str = "photos") -> Picture:
    """Decode and encode anew. Raises `BadInput` naming the file and what to do about it."""
    shown = clean_name(name)
    if size == 0:
        raise BadInput(
            _("“%(name)s” is empty. Please choose the photo again."), code="file_empty", field=field, name=shown
        )
    if size > limits.most_bytes:
        raise BadInput(
            _("“%(name)s” has %(size)s MB; %(most)s MB are the most. Please send a smaller photo."),
            code="file_too_large",
            field=field,
            name=shown,
            size=f"{size / 1_048_576:.1f}",
            most=limits.most_bytes // 1_048_576,
        )
    raw = file.read(limits.most_bytes + 1)
    try:
        # Only the header is read here: size and frames are judged before a pixel is decoded.
        with Image.open(io.BytesIO(raw), formats=_FORMATS) as image:
            _judge(image, shown, limits, field)
            return _encode(image, shown, limits)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(shown, "?", "?", limits, field) from None
    except UnidentifiedImageError:
        raise _wrong_kind(raw, shown, field) from None
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, MemoryError):  # what Pillow's decoders raise
        raise BadInput(
            _("“%(name)s” cannot be opened; it may have been cut off on the way. Please send it once more."),
            code="file_broken",
            field=field,
            name=shown,
        ) from None


def is_picture(head: bytes) -> bool:
    """Whether the first dozen bytes are those of a photo, one that we can open or one that we explain (HEIC)."""
    is_webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    return head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or is_webp or head[4:12].startswith(_HEIC)


def clean_name(name: str, *, fallback: str = "photo") -> str:
    """The sender's name for the file as one harmless line: no folders, no control or direction characters, 120 at most."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(character for character in last if character.isprintable()).strip()
    return plain[-120:] if plain.strip(". ") else fallback


def _judge(image: Image.Image, shown: str, limits: Limits, field: str) -> None:
    width, height = image.size
    if width * height > limits.most_pixels or max(width, height) > limits.most_side:
        raise _too_many_pixels(shown, width, height, limits, field)
    # MPO is a JPEG with extras behind the first picture, as many phones write it; APNG and WebP films are not photos.
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        raise BadInput(
            _("“%(name)s” is a moving picture. Please send a single photo."),
            code="file_moves",
            field=field,
            name=shown,
        )


def _encode(image: Image.Image, shown: str, limits: Limits) -> Picture:
    image.draft("RGB", (limits.stored_side, limits.stored_side))  # JPEG only: decodes at a fraction of the size
    upright = ImageOps.exif_transpose(image)
    flat = _on_white(upright)
    flat.thumbnail((limits.stored_side, limits.stored_side), Image.Resampling.LANCZOS)
    body = _jpeg(flat, _QUALITY)
    width, height = flat.size
    flat.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    return Picture(shown, body, _jpeg(flat, _THUMB_QUALITY), width, height)


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency, in RGB, as a new picture that carries nothing over from the old one."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        coloured = image.convert("RGBA")
        plain = Image.new("RGB", coloured.size, "white")
        plain.paste(coloured, mask=coloured.getchannel("A"))
        return plain
    coloured = image.convert("RGB")
    plain = Image.new("RGB", coloured.size)
    plain.paste(coloured)
    return plain


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()


def _too_many_pixels(shown: str, width: object, height: object, limits: Limits, field: str) -> BadInput:
    return BadInput(
        _("“%(name)s” has %(width)s × %(height)s pixels; %(most)s million are the most. Please send a smaller photo."),
        code="file_too_many_pixels",
        field=field,
        name=shown,
        width=width,
        height=height,
        most=limits.most_pixels // 1_000_000,
    )


def _wrong_kind(raw: bytes, shown: str, field: str) -> BadInput:
    kind = kind_of(raw)
    if kind == "HEIC":
        return BadInput(
            _(
                "“%(name)s” is a HEIC photo, which most browsers cannot show. On an iPhone choose Settings, Camera, "
                "Formats, Most Compatible, and take it again; or send a screenshot of it."
            ),
            code="file_heic",
            field=field,
            name=shown,
        )
    return BadInput(
        _("“%(name)s” is not a photo we can open (%(kind)s). Please send JPEG, PNG or WebP."),
        code="file_wrong_kind",
        field=field,
        name=shown,
        kind=kind,
    )
