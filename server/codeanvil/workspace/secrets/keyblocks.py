"""Private keys as blocks of text: PEM, OpenSSH, PGP, PuTTY; whole, cut off, or as one line of a program."""

from codeanvil.workspace.expressions import compiled

_LONGEST = 20_000
"""Bytes of the longest block that is looked for."""

_BEGIN = compiled(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----|PuTTY-User-Key-File-[0-9]")
_END = b"-----END "
_BODY_AFTER = compiled(r"""^(?:(?:[\s"'+,]|\\n)*[A-Za-z0-9+/=]{40,})+""")
"""The lines of a block that has no end, as literals of a program or bare."""
_BODY = compiled(r"[A-Za-z0-9+/=]{16,}")
_PUTTY = b"PuTTY"


def without_private_keys(data: bytes, placeholder: bytes) -> tuple[bytes, int]:
    """`data` with the body of every private key replaced, as many lines as before; and how many keys there were."""
    if b"PRIVATE KEY" not in data and _PUTTY not in data:
        return data, 0
    pieces: list[bytes] = []
    kept = count = 0
    for match in _BEGIN.finditer(data):
        start, begin = match.span()
        if start < kept:
            continue
        end = _end(data, begin, putty=data.startswith(_PUTTY, start))
        body, replaced = _replaced(data[begin:end], placeholder)
        if replaced:
            pieces += [data[kept:begin], body]
            kept = end
            count += 1
    return b"".join([*pieces, data[kept:]]), count


def _end(data: bytes, begin: int, *, putty: bool) -> int:
    """Where the body ends that begins at `begin`."""
    if putty:
        lines = data.find(b"Private-Lines:", begin, begin + _LONGEST)
        return min(len(data), lines + _LONGEST) if lines >= 0 else begin
    end = data.find(_END, begin, begin + _LONGEST)
    if end >= 0:
        return end
    after = _BODY_AFTER.search(data[begin : begin + _LONGEST])
    return begin + after.span()[1] if after else begin


def _replaced(body: bytes, placeholder: bytes) -> tuple[bytes, int]:
    pieces: list[bytes] = []
    at = 0
    for match in _BODY.finditer(body):
        start, end = match.span()
        pieces += [body[at:start], placeholder]
        at = end
    return b"".join([*pieces, body[at:]]), len(pieces)
