"""A real Chromium without a window, driven over its DevTools protocol: what a test of a page needs, no more."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from websockets.sync.client import connect

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
    "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-port=0",
)  # fmt: skip
SECONDS = 60.0
_KEYS = {"Enter": (13, "\r"), "ArrowDown": (40, ""), "ArrowUp": (38, ""), "Escape": (27, ""), "Tab": (9, "\t")}


def chromium() -> str | None:
    """Return where Chromium is, or None where there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Browser:
    """One page of a Chromium. ``said`` is what it complained of on its console, ``asked`` every address
    that it asked for."""

    def __init__(self, profile: Path, size: tuple[int, int] = (1440, 900)) -> None:
        program = chromium()
        assert program is not None
        self.said: list[str] = []
        self.asked: list[str] = []
        self._answers: dict[int, dict[str, Any]] = {}
        self._last = 0
        self._process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={profile}", f"--window-size={size[0]},{size[1]}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            self._connect(profile / "DevToolsActivePort")
        except BaseException:
            self._process.kill()
            raise

    def _connect(self, port_file: Path) -> None:
        self._until(lambda: port_file.exists() and port_file.read_text().count("\n") == 1, "Chromium did not start")
        port, path = port_file.read_text().split("\n")
        self._link = connect(f"ws://127.0.0.1:{port}{path}", max_size=None)
        self._session = ""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send one command and return its answer."""
        self._last += 1
        message = {"id": self._last, "method": method, "params": parameters}
        self._link.send(json.dumps(message | ({"sessionId": self._session} if self._session else {})))
        deadline = time.monotonic() + SECONDS
        while self._last not in self._answers:
            self._hear(deadline)
        answer = self._answers.pop(self._last)
        if "error" in answer:
            raise AssertionError(f"{method}: {answer['error']['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    def open(self, url: str) -> None:
        """Go to an address and wait until the page is there."""
        self.call("Page.navigate", url=url)
        self.wait("document.readyState === 'complete'")

    def run(self, script: str) -> Any:
        """Return the value of a JavaScript expression in the page."""
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"].get("exception", {}).get("description", script))
        return answer["result"].get("value")

    def wait(self, script: str) -> Any:
        """Wait until an expression holds and return its value."""
        return self._until(lambda: self.run(script), f"in vain: {script}")

    def press(self, key: str) -> None:
        """Press a key: one of those named above, or the one with this letter."""
        code, text = _KEYS.get(key, (ord(key[0].upper()), key))
        facts = {"key": key, "windowsVirtualKeyCode": code, "code": key}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **facts)
        self.call("Input.dispatchKeyEvent", type="keyUp", **facts)

    def type(self, text: str) -> None:
        """Write a text where the focus is."""
        self.call("Input.insertText", text=text)

    def click(self, x: float, y: float) -> None:
        """Click at a place of the page, in CSS pixels."""
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def picture(self, file: Path) -> None:
        """Write what is seen to a PNG file."""
        file.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._link.close()
        self._process.terminate()
        self._process.wait(10)

    def _hear(self, deadline: float) -> None:
        heard = json.loads(self._link.recv(timeout=max(0.0, deadline - time.monotonic())))
        if "id" in heard:
            self._answers[heard["id"]] = heard
        elif heard["method"] == "Runtime.exceptionThrown":
            self.said.append(str(heard["params"]["exceptionDetails"]))
        elif heard["method"] == "Log.entryAdded" and heard["params"]["entry"]["level"] in ("error", "warning"):
            self.said.append(heard["params"]["entry"]["text"])
        elif heard["method"] == "Runtime.consoleAPICalled" and heard["params"]["type"] in ("error", "warning"):
            self.said.append(str([one.get("value") for one in heard["params"]["args"]]))
        elif heard["method"] == "Network.requestWillBeSent":
            self.asked.append(heard["params"]["request"]["url"])

    def _until(self, holds: Callable[[], Any], otherwise: str) -> Any:
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            if value := holds():
                return value
            time.sleep(0.05)
        raise AssertionError(otherwise)
