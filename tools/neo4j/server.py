"""A local Neo4j Community server without docker: ``python tools/neo4j/server.py start | stop | status | load DIR``.

The jars come from Maven Central, once, into .neo4j/lib; data, logs and the generated password (.neo4j/password, or
NEO4J_PASSWORD) lie beside them. The server listens on loopback only: Bolt on 7687, Neo4j Browser on 7474, unless
NEO4J_BOLT_PORT and NEO4J_HTTP_PORT say otherwise. Needs Java 17 or 21, and Maven for the first start.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
DEFAULT_HOME = HERE.parents[1] / ".neo4j"
START_SECONDS = 180.0
STOP_SECONDS = 60.0
JAVA_OPTIONS = """
-Xms256m -Xmx1g -XX:+UseG1GC -XX:-OmitStackTraceInFastThrow -XX:+UnlockExperimentalVMOptions
-XX:+TrustFinalNonStaticFields -XX:+DisableExplicitGC -Djdk.nio.maxCachedBufferSize=1024
-Dio.netty.tryReflectionSetAccessible=true --add-opens=java.base/java.nio=ALL-UNNAMED
--add-opens=java.base/java.io=ALL-UNNAMED --add-opens=java.base/sun.nio.ch=ALL-UNNAMED
--enable-native-access=ALL-UNNAMED -Dlog4j2.disable.jmx=true -Dlog4j.layout.jsonTemplate.maxStringLength=32768
-Dfile.encoding=UTF-8
""".split()


class Unavailable(Exception):
    """The server cannot run here; the message says what is missing."""


@dataclass(frozen=True)
class Neo4j:
    """A server with its home folder and ports."""

    home: Path = DEFAULT_HOME
    lib: Path = DEFAULT_HOME / "lib"
    bolt_port: int = 7687
    http_port: int = 7474

    @property
    def uri(self) -> str:
        """The address of the server."""
        return f"bolt://127.0.0.1:{self.bolt_port}"

    @property
    def password(self) -> str:
        """The password of the user neo4j: from the environment when the home was made, else a generated one."""
        return (self.home / "password").read_text(encoding="utf-8").strip()

    def start(self) -> None:
        """Start the server and wait until it answers. Raises Unavailable."""
        if self.pid() is not None:
            return
        self._prepare()
        java = _needed("java", "no Java")
        command = [java, *JAVA_OPTIONS, "-cp", f"{self.lib}/*", "org.neo4j.server.CommunityEntryPoint"]
        command += [f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}", "--console-mode"]
        with (self.home / "logs" / "console.log").open("ab") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment(),
                start_new_session=True,
            )
        (self.home / "run" / "pid").write_text(str(process.pid), encoding="ascii")
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise Unavailable(f"Neo4j does not start; see {self.home / 'logs' / 'console.log'}")
            time.sleep(0.25)

    def stop(self, kill: bool = False) -> None:
        """Stop the server and wait until it is gone; ``kill``: at once, as if the machine had failed."""
        pid = self.pid()
        if pid is None:
            return
        os.kill(pid, signal.SIGKILL if kill else signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while _alive(pid):
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.1)
        (self.home / "run" / "pid").unlink(missing_ok=True)

    def pid(self) -> int | None:
        """Return the process of the running server, or None."""
        try:
            pid = int((self.home / "run" / "pid").read_text(encoding="ascii"))
        except FileNotFoundError:
            return None
        return pid if _alive(pid) else None

    def answers(self) -> bool:
        """Say whether something answers the Bolt handshake."""
        try:
            with socket.create_connection(("127.0.0.1", self.bolt_port), timeout=2) as link:
                link.sendall(bytes.fromhex("6060b017 00000504 00000404 00000000 00000000"))
                return len(link.recv(4)) == 4
        except OSError:
            return False

    def load(self, folder: Path) -> None:
        """Fill the empty or outdated database with what ``kg export --format neo4j-admin`` wrote, and start.

        Everything that the database holds is replaced. Raises Unavailable.
        """
        self._prepare()
        self.stop()
        self.admin("database", "import", "full", "neo4j", "@import.args", "--overwrite-destination", cwd=folder)
        self.start()

    def admin(self, *arguments: str, cwd: Path | None = None) -> str:
        """Run a neo4j-admin command and return what it says. Raises Unavailable when it fails."""
        command = [_needed("java", "no Java"), "-Xmx1g", "-cp", f"{self.lib}/*", "org.neo4j.cli.AdminTool", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env=self._environment(), cwd=cwd, check=False)
        if done.returncode:
            raise Unavailable(f"neo4j-admin {arguments[0]} {arguments[1]} failed: {done.stderr or done.stdout}")
        return done.stdout

    def _prepare(self) -> None:
        self._fetch()
        for name in ("conf", "data", "logs", "run", "import", "plugins"):
            (self.home / name).mkdir(parents=True, exist_ok=True)
        self._configure()
        if not (self.home / "password").exists():
            password = os.environ.get("NEO4J_PASSWORD") or secrets.token_urlsafe(16)
            self.admin("dbms", "set-initial-password", password)
            handle = os.open(self.home / "password", os.O_WRONLY | os.O_CREAT, 0o600)
            os.write(handle, password.encode())
            os.close(handle)

    def _fetch(self) -> None:
        if (self.lib / ".complete").exists():
            return
        maven = _needed("mvn", "no Maven to fetch Neo4j with")
        command = [maven, "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies"]
        command += ["-DincludeScope=runtime", f"-DoutputDirectory={self.lib}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Unavailable(f"Maven cannot fetch Neo4j: {done.stdout[-1000:]}")
        (self.lib / ".complete").touch()

    def _configure(self) -> None:
        lines = (
            "server.default_listen_address=127.0.0.1",
            f"server.bolt.listen_address=127.0.0.1:{self.bolt_port}",
            f"server.http.listen_address=127.0.0.1:{self.http_port}",
            "server.https.enabled=false",
            f"server.directories.import={self.home / 'import'}",
            "server.memory.heap.max_size=1g",
            "server.memory.pagecache.size=256m",
            "dbms.usage_report.enabled=false",
            "dbms.security.auth_enabled=true",
        )
        (self.home / "conf" / "neo4j.conf").write_text("\n".join([*lines, ""]), encoding="utf-8")

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "NEO4J_HOME": str(self.home), "NEO4J_CONF": str(self.home / "conf")}


def _needed(program: str, missing: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise Unavailable(f"{missing}: {program} is not on the PATH")
    return found


def _alive(pid: int) -> bool:
    try:
        ended, _ = os.waitpid(pid, os.WNOHANG)
        if ended:
            return False
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def main(arguments: list[str]) -> int:
    """Run one command and return the exit status."""
    ports = (int(os.environ.get("NEO4J_BOLT_PORT", "7687")), int(os.environ.get("NEO4J_HTTP_PORT", "7474")))
    server = Neo4j(bolt_port=ports[0], http_port=ports[1])
    try:
        if arguments == ["start"]:
            server.start()
            print(f"Neo4j answers at {server.uri}, Browser at http://127.0.0.1:{server.http_port}/browser/")
            print(f"user neo4j, password in {server.home / 'password'}")
            print(f"  export NEO4J_PASSWORD=$(cat {server.home / 'password'})")
        elif arguments == ["stop"]:
            server.stop()
        elif arguments[:1] == ["load"] and len(arguments) == 2:
            server.load(Path(arguments[1]).resolve())
            print(f"loaded; Neo4j answers at {server.uri}; `kg publish {server.uri}` makes the indexes")
        elif arguments == ["status"]:
            print("running" if server.pid() is not None and server.answers() else "stopped")
        else:
            print(__doc__, file=sys.stderr)
            return 2
    except Unavailable as error:
        print(f"neo4j: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
