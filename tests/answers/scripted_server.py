"""An OpenAI-compatible server over real HTTP that says what a test tells it to."""

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class ScriptedServer:
    """`say` makes the text out of the user's message. Streams it word by word, `pause` seconds before each."""

    def __init__(self, say: Callable[[str], str] | str = "", *, pause: float = 0.0, token: str = "") -> None:
        self.say = say
        self.pause = pause
        self.status = 200
        self.raw: bytes | None = None
        self.requests: list[dict[str, Any]] = []
        self.load: Callable[[dict[str, Any]], None] | None = None
        """Told of other weights that are to take the place; None where that cannot be done."""
        self.left = threading.Event()
        """Set once a client went away before its answer was whole."""
        script = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                if self.path == "/health":
                    self._send(b'{"status": "ok"}')
                elif self.path == "/v1/models":
                    self._send(json.dumps({"object": "list", "data": [{"id": "scripted"}]}).encode())
                else:
                    self._send(b"{}", 404)

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.path == "/load":
                    if script.load is None:
                        return self._send(b'{"error": {"message": "Not here."}}', 409)
                    script.load(body)
                    return self._send(b"{}")
                script.requests.append(body)
                if token and self.headers.get("Authorization") != f"Bearer {token}":
                    return self._send(b'{"error": {"message": "Wrong token."}}', 401)
                if script.status != 200:
                    return self._send(b'{"error": {"message": "Out of memory."}}', script.status)
                if script.raw is not None:
                    return self._send(script.raw)
                text = script.say(body["messages"][-1]["content"]) if callable(script.say) else script.say
                return self._stream(text)

            def _stream(self, text: str) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                try:
                    for i, word in enumerate(text.split(" ")):
                        time.sleep(script.pause)
                        delta = {"content": word if i == 0 else f" {word}"}
                        self._event(json.dumps({"choices": [{"index": 0, "delta": delta}]}))
                    self._event("[DONE]")
                except OSError:
                    script.left.set()
                self.close_connection = True

            def _event(self, data: str) -> None:
                self.wfile.write(f"data: {data}\n\n".encode())
                self.wfile.flush()

            def _send(self, body: bytes, status: int = 200) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> "ScriptedServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
