"""A PostgreSQL of the tests' own: Debian's binaries, a folder of its own, an unprivileged user, no network."""

import os
import pwd
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

FOLDERS = ("/usr/lib/postgresql", "/usr/local/bin", "/usr/bin")


class Missing(Exception):
    """Why there is no server to test with."""


@contextmanager
def server() -> Iterator[str]:
    """The address of a fresh server, with ``{}`` in place of the database's name. Raises `Missing` with the reason."""
    binaries, user = _binaries(), _user()
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        raise Missing("the driver psycopg is not installed") from error
    with TemporaryDirectory(prefix="sfo-nlp-pg-") as name:
        folder = Path(name)
        data = str(folder / "data")
        as_user: dict[str, str] = {}
        if os.getuid() == 0:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
            as_user["user"] = user

        def run(program: str, *words: str) -> None:
            command = [str(binaries / program), *words]
            with (folder / "said").open("w") as said:  # a pipe would stay open as long as the server runs
                done = subprocess.run(
                    command, cwd=folder, stdout=said, stderr=said, timeout=120, check=False, **as_user
                )  # type: ignore[call-overload]
            if done.returncode:
                raise Missing(f"{program}: {(folder / 'said').read_text()[-300:]}")

        run("initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c full_page_writes=off"
        run("pg_ctl", "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
        try:
            yield f"postgresql+psycopg://tester@/{{}}?host={folder}"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")


def _binaries() -> Path:
    found = [path.parent for root in FOLDERS for path in sorted(Path(root).glob("**/bin/initdb"), reverse=True)]
    found += [Path(root) for root in FOLDERS if (Path(root) / "initdb").is_file()]
    if not found:
        raise Missing("PostgreSQL's initdb is not installed (Debian: postgresql)")
    return found[0]


def _user() -> str:
    """A user that is not root: PostgreSQL refuses to run as root."""
    if os.getuid():
        return pwd.getpwuid(os.getuid()).pw_name
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise Missing("there is no unprivileged user to run PostgreSQL")
