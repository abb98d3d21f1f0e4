"""Bytes of a file, gunzipped where needed, within limits, and counted so that progress can be shown."""

from __future__ import annotations

import codecs
import os
import stat
import zlib
from collections.abc import Callable, Iterator
from types import TracebackType

from kg.config import Settings
from kg.sources.refusal import Refusal
from kg.sources.walk import SourceFile

CHUNK = 1 << 16
HEAD = 1 << 16
_GZIP = b"\x1f\x8b"
_BOMB_BYTES = 100_000_000
_BOMB_RATIO = 200
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class Stream:
    """A file opened for reading once, from start to end; a context manager.

    ``read(n)`` gives at most n bytes of the content (after gunzip), ``head`` the first 64 KiB without consuming
    them. ``consumed`` counts bytes of the file on the disk; ``on_bytes`` is called with it after every read.
    Raises Refusal: empty_file, file_too_large, gzip_broken, gzip_truncated, gzip_bomb, unreadable, not_a_file.
    """

    def __init__(self, file: SourceFile, settings: Settings, on_bytes: Callable[[int], None] | None = None) -> None:
        self.file = file
        self.settings = settings
        self.consumed = 0
        self.produced = 0
        self._on_bytes = on_bytes
        self._buffer = b""
        self._gzip: zlib._Decompress | None = None
        try:
            # O_NONBLOCK: should the file have become a pipe since it was listed, opening must not wait for a writer.
            self._handle = os.fdopen(os.open(file.path, os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0)
        except OSError as error:
            raise Refusal(f"the file cannot be read: {error.strerror}", reject="unreadable") from error
        try:
            self._start()
        except BaseException:
            self._handle.close()
            raise

    def _start(self) -> None:
        info = os.fstat(self._handle.fileno())
        if not stat.S_ISREG(info.st_mode):
            raise Refusal("a pipe, socket or device is not opened", reject="not_a_file")
        if info.st_size > self.settings.max_file_bytes:
            limit = self.settings.max_file_bytes
            raise Refusal(f"{info.st_size} bytes; max_file_bytes is {limit}", reject="file_too_large")
        first = self._raw(CHUNK)
        if not first:
            raise Refusal("the file is empty", reject="empty_file")
        if first.startswith(_GZIP):
            self._gzip = zlib.decompressobj(wbits=31)
            self._pending = first
            self.head = self._fill(HEAD)
        else:
            self.produced = len(first)
            self.head = first
        if not self.head:
            raise Refusal("the compressed file is empty", reject="empty_file")
        self._buffer = self.head

    @property
    def gzipped(self) -> bool:
        """Say whether the file on the disk is compressed."""
        return self._gzip is not None

    def read(self, size: int = CHUNK) -> bytes:
        """Return at most ``size`` bytes, and b"" at the end."""
        if self._buffer:
            data, self._buffer = self._buffer[:size], self._buffer[size:]
            return data
        if self._gzip is not None:
            return self._fill(size)
        data = self._raw(size)
        self.produced += len(data)
        self._check_size()
        return data

    def chunks(self) -> Iterator[bytes]:
        """Yield the content in pieces of at most 64 KiB."""
        while data := self.read(CHUNK):
            yield data

    def whole(self, limit: int) -> bytes:
        """Return all that is left; raises Refusal (text_too_long) beyond ``limit`` bytes, before holding more."""
        parts: list[bytes] = []
        size = 0
        reason = f"the file holds more than {limit} bytes of text"
        if not self.gzipped and self.file.size > limit:
            raise Refusal(reason, reject="text_too_long")
        for data in self.chunks():
            size += len(data)
            if size > limit:
                raise Refusal(reason, reject="text_too_long")
            parts.append(data)
        return b"".join(parts)

    def text(self, encoding: str = "utf-8") -> str:
        """Return all that is left as text in ``encoding``, or as a byte order mark says; newlines become \\n.

        Raises Refusal: invalid_encoding with the offset of the bad byte, text_too_long.
        """
        limit = self.settings.max_text_chars
        data = self.whole(4 * limit)
        mark, encoding = next(((m, e) for m, e in _BOMS if data.startswith(m)), (b"", encoding))
        try:
            text = data[len(mark) :].decode(encoding)
        except UnicodeDecodeError as error:
            place = f"byte {error.start + len(mark)}"
            reason = f"not valid {encoding.upper()}: {error.reason}"
            raise Refusal(reason, reject="invalid_encoding", place=place) from error
        if len(text) > limit:
            raise Refusal(f"{len(text)} characters; max_text_chars is {limit}", reject="text_too_long")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def _raw(self, size: int) -> bytes:
        try:
            data = self._handle.read(size) or b""
        except OSError as error:
            place = f"byte {self.consumed}"
            raise Refusal(f"the file cannot be read: {error.strerror}", reject="unreadable", place=place) from error
        self.consumed += len(data)
        if self._on_bytes is not None and data:
            self._on_bytes(self.consumed)
        return data

    def _fill(self, size: int) -> bytes:
        """Return up to ``size`` expanded bytes; a .gz may have several members, one after the other."""
        assert self._gzip is not None
        while True:
            if not self._pending:
                self._pending = self._raw(CHUNK)
            if self._gzip.eof:
                rest = self._pending.lstrip(b"\0")  # some writers pad with zeros
                if not rest:
                    if not self._pending:
                        return b""
                    self._pending = b""
                    continue
                self._gzip, self._pending = zlib.decompressobj(wbits=31), rest
            elif not self._pending:
                place = f"byte {self.consumed}"
                raise Refusal("the compressed file ends too early", reject="gzip_truncated", place=place)
            try:
                data = self._gzip.decompress(self._pending, size)
            except zlib.error as error:
                place = f"byte {self.consumed}"
                raise Refusal(f"the compressed file is damaged: {error}", reject="gzip_broken", place=place) from error
            self._pending = self._gzip.unconsumed_tail or self._gzip.unused_data
            self.produced += len(data)
            self._check_size()
            if data:
                return data

    def _check_size(self) -> None:
        limit = self.settings.max_file_bytes
        if self.produced > limit:
            raise Refusal(f"expands to more than {limit} bytes (max_file_bytes)", reject="gzip_bomb")
        if self.produced > _BOMB_BYTES and self.produced > _BOMB_RATIO * self.consumed:
            ratio = self.produced // self.consumed
            raise Refusal(f"expands {ratio} times, beyond {_BOMB_BYTES} bytes", reject="gzip_bomb")

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._handle.close()
