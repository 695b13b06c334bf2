"""Pictures on PDF pages: how much they cover, and the pixels of a scanned page."""

from __future__ import annotations

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from pipeline.readers.limits import Limits, within
from pipeline.readers.ocr import Pixels

_RENDER_DPI = 200
_WHOLE_PAGE = 0.8
_SECOND_PICTURE = 0.05
_SCAN_DPI = (90, 620)


def picture_shares(page: pdfium.PdfPage) -> list[float]:
    """Shares of the page that its pictures cover, largest first."""
    width, height = page.get_size()
    shares = []
    for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = picture.get_bounds()
        shares.append(min(1.0, max(right - left, 0) * max(top - bottom, 0) / (width * height)))
    return sorted(map(float, shares), reverse=True)


def _is_one_picture(page: pdfium.PdfPage) -> bool:
    """Whether one picture covers the page and every other is a small one."""
    shares = picture_shares(page)
    return shares[:1] >= [_WHOLE_PAGE] and shares[1:2] <= [_SECOND_PICTURE]


def is_blank(page: pdfium.PdfPage) -> bool:
    """Whether nothing at all is drawn on the page."""
    return next(iter(page.get_objects(max_depth=1)), None) is None


def page_pixels(page: pdfium.PdfPage, limits: Limits) -> tuple[Pixels, int]:
    """The pixels of a page and their resolution.

    A page that is one scanned picture gives that picture as it was scanned, without what a portal
    drew over it; any other page is rendered.
    """
    found = _scanned(page, limits)
    if found is None:
        _clear_scan(page)
    return found or _rendered(page, limits)


def _clear_scan(page: pdfium.PdfPage) -> None:
    """Take the watermarks and logos of a portal off a scanned picture placed askew or turned."""
    if not _is_one_picture(page):
        return
    objects = list(page.get_objects(max_depth=1))
    scanned = max(objects, key=_picture_area)
    if _picture_area(scanned) == 0:
        return  # the picture lies in a form
    for drawn in objects[objects.index(scanned) + 1 :]:
        if drawn.type in (raw.FPDF_PAGEOBJ_FORM, raw.FPDF_PAGEOBJ_IMAGE):
            page.remove_obj(drawn)


def _picture_area(drawn: pdfium.PdfObject) -> float:
    return _area(drawn) if drawn.type == raw.FPDF_PAGEOBJ_IMAGE else 0.0


def _scanned(page: pdfium.PdfPage, limits: Limits) -> tuple[Pixels, int] | None:
    """The one picture that covers the page, when it stands upright on it."""
    if not _is_one_picture(page):
        return None
    pictures = page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=1)
    picture = max(pictures, key=_area, default=None)
    if picture is None or page.get_rotation() or not _is_upright(picture):
        return None
    left, bottom, right, top = picture.get_bounds()
    width, height = picture.get_px_size()
    dpi = round(72 * width / max(right - left, 1))
    even = abs(dpi - 72 * height / max(top - bottom, 1)) < 0.02 * dpi
    fills = abs(right - left - page.get_width()) < 3 and abs(top - bottom - page.get_height()) < 3
    if not even or not fills or not _SCAN_DPI[0] <= dpi <= _SCAN_DPI[1]:
        return None
    within("max_pixels", width * height, limits.max_pixels)
    try:
        bitmap = picture.get_bitmap(render=False)
        image = bitmap.to_pil().convert("L" if bitmap.n_channels == 1 else "RGB")
    except (pdfium.PdfiumError, ValueError):
        return None
    return np.asarray(image), dpi


def _area(picture: pdfium.PdfObject) -> float:
    left, bottom, right, top = picture.get_bounds()
    return float((right - left) * (top - bottom))


def _is_upright(picture: pdfium.PdfObject) -> bool:
    matrix = picture.get_matrix()
    return bool(matrix.a > 0 and matrix.d > 0 and abs(matrix.b) + abs(matrix.c) < 1e-3)


def _rendered(page: pdfium.PdfPage, limits: Limits) -> tuple[Pixels, int]:
    width, height = page.get_size()
    scale = _RENDER_DPI / 72
    within("max_pixels", width * height * scale**2, limits.max_pixels)
    image = page.render(scale=scale, rev_byteorder=True).to_numpy()
    return np.ascontiguousarray(image[:, :, :3]), _RENDER_DPI
