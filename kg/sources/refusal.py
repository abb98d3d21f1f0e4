"""Why a file, or a part of one, was not read: raised by the readers, turned into a Rejection by ``kg.sources``."""

from __future__ import annotations

from kg.errors import SourceFormatError
from kg.model import Rejection


class Refusal(SourceFormatError):
    """A file or a part of one that cannot be used.

    ``reject`` is the code of the Rejection that follows; ``place`` says where in the file (``line 12``,
    ``byte 4096``, ``PMID 123``), or is empty for the file as a whole.

    >>> str(Refusal("the file is empty", reject="empty_file"))
    'the file is empty'
    """

    def __init__(self, message: str, *, reject: str = "source_format", place: str = "") -> None:
        super().__init__(message, reject=reject, place=place)
        self.reject = reject
        self.place = place

    def __str__(self) -> str:
        return f"{self.message} ({self.place})" if self.place else self.message


def rejection(name: str, refusal: Refusal) -> Rejection:
    """Return the Rejection of a file called ``name``.

    >>> rejection("a.xml", Refusal("no end tag", reject="xml_broken", place="line 3")).subject
    'a.xml#line 3'
    """
    subject = f"{name}#{refusal.place}" if refusal.place else name
    return Rejection("sources", refusal.reject, subject, refusal.message)
