"""Only pixels survive: whatever is not a photo is refused with a sentence that helps."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, TiffImagePlugin

from aftersales.files.actions.attaching import read_upload
from aftersales.files.pictures import clean_name
from aftersales.kernel.errors import BadInput

pytestmark = pytest.mark.smoke
Photo = Callable[..., SimpleUploadedFile]


def opened(body: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(body), formats=("JPEG",))
    image.load()
    return image


def png_of(width: int, height: int) -> bytes:
    """A PNG whose header promises so many pixels; the data is a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("form", "mode"), [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGB"), ("WEBP", "RGB")]
)
def test_photos_become_jpegs_of_our_own(photo: Photo, form: str, mode: str) -> None:
    picture = read_upload(photo(form=form, mode=mode, size=(640, 480)))
    assert opened(picture.body).size == (picture.width, picture.height) == (640, 480)
    assert opened(picture.body).mode == "RGB"
    assert opened(picture.thumb).size == (480, 360)


def test_large_ones_are_made_smaller(photo: Photo) -> None:
    picture = read_upload(photo(size=(4000, 3000)))
    assert (picture.width, picture.height) == (2560, 1920)


def test_transparency_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(out, "PNG")
    picture = read_upload(SimpleUploadedFile("cut-out.png", out.getvalue()))
    assert opened(picture.body).getpixel((10, 10)) == (255, 255, 255)


def test_nothing_but_pixels_is_kept(photo: Photo) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"  # maker
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (
        TiffImagePlugin.IFDRational(31),
        TiffImagePlugin.IFDRational(14),
        TiffImagePlugin.IFDRational(0),
    )
    upload = photo(size=(60, 40), exif=exif, xmp=b"<x:xmpmeta>SecretPlace</x:xmpmeta>", comment=b"SecretComment")
    raw = upload.read() + b"<script>SecretTail</script>"
    assert raw.count(b"Secret") == 4
    picture = read_upload(SimpleUploadedFile("shoe.jpg", raw))
    for body in (picture.body, picture.thumb):
        assert b"Secret" not in body
        image = opened(body)
        assert not image.getexif()
        assert {"exif", "xmp", "comment", "icc_profile"} & set(image.info) == set()
    assert (picture.width, picture.height) == (40, 60), "turned upright before the note about it was dropped"


def test_a_phone_photo_with_a_second_picture_behind_it_is_a_photo(photo: Photo) -> None:
    """Many phones write MPO: a JPEG with a depth map or gain map behind the first picture."""
    out = io.BytesIO()
    first, second = (Image.effect_noise((64, 48), 50).convert("RGB") for _ in range(2))
    first.save(out, "MPO", save_all=True, append_images=[second])
    picture = read_upload(SimpleUploadedFile("IMG_0001.JPG", out.getvalue()))
    assert (picture.width, picture.height) == (64, 48)
    assert getattr(opened(picture.body), "n_frames", 1) == 1


def broken(photo: Photo) -> bytes:
    return bytes(photo(size=(400, 400)).read()[:2000])


def moving(form: str) -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(out, form, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


REFUSED: dict[str, tuple[Callable[[Photo], bytes], str, str]] = {
    "empty": (lambda _: b"", "file_empty", "is empty"),
    "svg": (lambda _: b'<svg xmlns="x"><script>alert(1)</script></svg>', "file_wrong_kind", "(SVG)"),
    "svg with xml head": (lambda _: b'<?xml version="1.0"?><svg/>', "file_wrong_kind", "(SVG)"),
    "html": (lambda _: b"<!DOCTYPE html><script>alert(1)</script>", "file_wrong_kind", "(HTML)"),
    "gif": (lambda _: moving("GIF"), "file_wrong_kind", "(GIF)"),
    "gif and script in one": (lambda _: b"GIF89a/*" + b"\0" * 40 + b"*/=1;alert(1)", "file_wrong_kind", "(GIF)"),
    "heic": (lambda _: b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "file_heic", "Most Compatible"),
    "film": (lambda _: b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isom", "file_wrong_kind", "(a film)"),
    "pdf": (lambda _: b"%PDF-1.7 ...", "file_wrong_kind", "(PDF)"),
    "zip": (lambda _: b"PK\x03\x04....", "file_wrong_kind", "(ZIP)"),
    "tiff": (lambda _: b"II*\x00\x08\x00\x00\x00", "file_wrong_kind", "(TIFF)"),
    "text": (lambda _: b"hello", "file_wrong_kind", "(unknown kind)"),
    "cut off": (broken, "file_broken", "cut off on the way"),
    "png film": (lambda _: moving("PNG"), "file_moves", "a single photo"),
    "webp film": (lambda _: moving("WEBP"), "file_moves", "a single photo"),
    "20 MB": (lambda photo: photo().read() + b"\0" * 20 * 1_048_576, "file_too_large", "has 20.0 MB; 8 MB"),
    "long side": (lambda _: png_of(10_001, 1), "file_too_many_pixels", "10001 × 1 pixels"),
    "25 million pixels and one row": (lambda _: png_of(5000, 5001), "file_too_many_pixels", "25 million"),
    "bomb Pillow warns of": (lambda _: png_of(9_999, 9_999), "file_too_many_pixels", "million"),
    "bomb Pillow refuses": (lambda _: png_of(60_000, 60_000), "file_too_many_pixels", "million"),
}


@pytest.mark.filterwarnings("error::PIL.Image.DecompressionBombWarning")  # as in production; pytest resets filters
@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_photo_is_refused_with_the_reason(photo: Photo, case: str, settings: Any) -> None:
    make, code, said = REFUSED[case]
    settings.LANGUAGE_CODE = "en"
    from django.utils import translation

    with translation.override("en"), pytest.raises(BadInput) as refusal:
        read_upload(SimpleUploadedFile("photo.jpg", make(photo), content_type="image/jpeg"))
    assert (refusal.value.code, refusal.value.field, refusal.value.status) == (code, "photos", 400)
    with translation.override("en"):
        assert said in str(refusal.value)
        assert "“photo.jpg”" in str(refusal.value)


def test_the_limits_themselves_are_allowed(photo: Photo, settings: Any) -> None:
    settings.UPLOAD_MAX_PIXELS, settings.UPLOAD_MAX_SIDE = 64 * 48, 64
    upload = photo(size=(64, 48))
    settings.UPLOAD_MAX_FILE_BYTES = upload.size
    assert read_upload(upload).width == 64


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/cron.d/x", "x"),
        ("C:\\temp\\鞋子.jpg", "鞋子.jpg"),
        ("​.htaccess", ".htaccess"),
        ("a.jpg\r\nX-A: b", "a.jpgX-A: b"),
        ("a\x00.jpg", "a.jpg"),
        ("gpj.‮exe", "gpj.exe"),
        ("x" * 300 + ".jpg", "x" * 116 + ".jpg"),
        ("", "photo"),
        ("///", "photo"),
    ],
)
def test_names_are_one_harmless_line(given: str, kept: str) -> None:
    assert clean_name(given) == kept
