"""`/metrics` of `foyer run`: one loopback port, served by the parent for all its children."""

import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from foyer.infra.prometheus import cleared, forget_process, summed
from foyer.settings import SettingsError

LOOPBACK: Final = "127.0.0.1"
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Listens from the moment it is made, so that an address that is taken is told before anything else starts."""

    def __init__(self, data: Path, port: int) -> None:
        self.folder = cleared(data / "metrics")
        folder = self.folder

        class Handler(BaseHTTPRequestHandler):
            timeout = 5

            def do_GET(self) -> None:
                is_here = self.path.partition("?")[0] == "/metrics"
                body = summed(folder) if is_here else b"There is only /metrics here.\n"
                self.send_response(HTTPStatus.OK if is_here else HTTPStatus.NOT_FOUND)
                self.send_header("Content-Type", CONTENT_TYPE)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                """A line every few seconds would only hide the others."""

        try:
            self._server = ThreadingHTTPServer((LOOPBACK, port), Handler)
        except OSError as taken:
            raise SettingsError(
                f"FOYER_METRICS_PORT {port} cannot be used: {taken.strerror}; choose another one, or 0 for none."
            ) from None
        self._server.daemon_threads = True
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True).start()

    def forget(self, pid: int) -> None:
        forget_process(self.folder, pid)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
