"""A hub of one model on loopback, as far as the hub's library asks for it; `cuts` times it hangs up midway."""

import hashlib
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@contextmanager
def serving(name: str, folder: Path):
    """The server; its `asked` has (method, path, Range) of every request."""
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def do_HEAD(self):
            self.answer(body=False)

        def do_GET(self):
            self.answer(body=True)

        def answer(self, *, body):
            path = self.path.partition("?")[0]
            server.asked.append((self.command, path, self.headers.get("Range")))
            if path.startswith(f"/api/models/{name}/tree/"):
                rows = [
                    {"type": "file", "path": one, "size": len(data), "oid": hashlib.sha1(data).hexdigest()}
                    for one, data in files.items()
                ]
                self.reply(json.dumps(rows).encode(), body, {"Content-Type": "application/json"})
            elif path.startswith(f"/api/models/{name}"):
                found = {"_id": "1", "id": name, "modelId": name, "sha": COMMIT, "siblings": []}
                self.reply(json.dumps(found).encode(), body, {"Content-Type": "application/json"})
            elif path.startswith(f"/{name}/resolve/") and path.rpartition("/")[2] in files:
                data = files[path.rpartition("/")[2]]
                etag = {"ETag": f'"{hashlib.sha1(data).hexdigest()}"', "X-Repo-Commit": COMMIT}
                self.reply(data, body, etag, part=self.headers.get("Range"))
            else:
                self.reply(b"{}", body, {"X-Error-Code": "RepoNotFound"}, status=404)

        def reply(self, data, body, headers, status=200, part=None):
            if part:
                start = int(part.removeprefix("bytes=").split("-")[0])
                status, headers = 206, headers | {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"}
                data = data[start:]
            self.send_response(status)
            for key, value in ({"Content-Length": str(len(data))} | headers).items():
                self.send_header(key, value)
            self.end_headers()
            if not body:
                return
            if server.cuts and len(data) > server.cut_after:
                server.cuts -= 1
                self.wfile.write(data[: server.cut_after])
                self.close_connection = True
                return
            self.wfile.write(data)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.cuts, server.cut_after = [], 0, 50_000
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
