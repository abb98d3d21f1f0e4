"""Writes small PDFs for the tests: text at places, and lines."""

from __future__ import annotations

from collections.abc import Sequence


class Page:
    """A page of 612 by 792 points, in Helvetica."""

    def __init__(self) -> None:
        self.content: list[bytes] = []

    def text(self, x: float, y: float, text: str, size: float) -> None:
        """Draw a line of text with its foot at (x, y)."""
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        self.content.append(f"BT /F1 {size} Tf {x} {y} Td ({escaped}) Tj ET".encode("latin-1"))

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a line."""
        self.content.append(f"{x0} {y0} m {x1} {y1} l S".encode())


def write_pdf(pages: Sequence[Page]) -> bytes:
    """Return the PDF of some pages."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in enumerate(pages):
        place = f"/MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R"
        objects.append(f"<< /Type /Page /Parent 2 0 R {place} >>".encode())
        content = b"\n".join(page.content)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    return pdf_of(objects)


def pdf_of(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """Return a PDF of the given objects, the first of them the catalogue."""
    made = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, len(made))
    return made + head + table + end
