"""Files damaged at random, always in the same way: a reading may reject, it never fails, and its laws hold."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from pathlib import Path

import pytest
from pdf_writer import Page, write_pdf
from source_samples import DATA, EXAMPLES, Read

from kg.config import Settings
from kg.sources import read

TIMES = 60
INSERTS = (
    b"<",
    b">",
    b"&",
    b"&x;",
    b'"',
    b"\0",
    b"</p>",
    b"<!DOCTYPE",
    b"\xed\xa0\x80",
    b"{",
    b"}",
    b"\n",
    b"|",
    b"9" * 5000,
)
FILES = (
    DATA / "medline16n0902.xml",
    DATA / "everything.json",
    DATA / "everything.xml",
    DATA / "tmvar.PubTator",
    DATA / "ngc-10799.xml",
    EXAMPLES / "guidelines" / "ngc-10799.html",
    EXAMPLES / "guidelines" / "ngc-10799.md",
    EXAMPLES / "guidelines" / "ngc-10799.docx",
    EXAMPLES / "articles" / "PMC1540413.nxml.gz",
)


def damaged(content: bytes, dice: random.Random) -> bytes:
    """Return content with some bytes changed, cut out, repeated or put in."""
    made = bytearray(content)
    if dice.random() < 0.2:
        del made[dice.randrange(len(made)) :]
    for _ in range(dice.choice((1, 3, 20))):
        if not made:
            break
        place = dice.randrange(len(made))
        match dice.randrange(4):
            case 0:
                made[place] = dice.randrange(256)
            case 1:
                del made[place : place + dice.randrange(50)]
            case 2:
                made[place:place] = made[dice.randrange(len(made)) :][: dice.randrange(200)]
            case _:
                made[place:place] = dice.choice(INSERTS)
    return bytes(made)


def check(path: Path) -> None:
    got = Read(list(read([path], Settings())))
    for document in got.documents:
        document.text.encode("utf-8")
        assert document.text.strip()
        assert document.text.startswith(document.title)
        assert document.id
        assert document.work
        end = 0
        for section in document.sections:
            assert end <= section.span.start < section.span.end
            end = section.span.end
        assert end == len(document.text)
    for item in got.rejections:
        assert item.stage == "sources"
        assert item.subject.startswith(path.name)
        assert item.reason


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_damaged_file_never_fails(file, tmp_path):
    content = file.read_bytes()
    content = gzip.decompress(content) if file.suffix == ".gz" else content
    dice = random.Random(file.name)
    path = tmp_path / file.name.removesuffix(".gz")
    for _ in range(TIMES):
        path.write_bytes(damaged(content, dice))
        check(path)


def test_a_damaged_pdf_never_fails(tmp_path):
    page = Page()
    page.text(72, 700, "Managing fever in young children", 20)
    page.text(72, 650, "Give paracetamol to children.", 10)
    for number in range(10):
        page.line(72, 600 - 10 * number, 300, 600 - 10 * number)
    content = write_pdf([page, page])
    dice = random.Random("pdf")
    path = tmp_path / "a.pdf"
    for _ in range(TIMES):
        path.write_bytes(damaged(content, dice))
        check(path)


def test_a_word_file_with_damaged_parts_never_fails(tmp_path):
    whole = zipfile.ZipFile(EXAMPLES / "guidelines" / "ngc-10799.docx")
    dice = random.Random("docx")
    path = tmp_path / "a.docx"
    for _ in range(TIMES):
        packed = io.BytesIO()
        victim = dice.choice(whole.namelist())
        with zipfile.ZipFile(packed, "w") as archive:
            for name in whole.namelist():
                if name != victim or dice.random() < 0.7:
                    content = whole.read(name)
                    archive.writestr(name, damaged(content, dice) if name == victim else content)
        path.write_bytes(packed.getvalue())
        check(path)
