"""Names that code does not have: near misses of its own, made from the parts of its names."""

import re

from codeanvil.facts.model import FileFacts, Symbol
from codeanvil.samples.draw import Draw

_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")

_ENDINGS = (
    "Manager", "Handler", "Factory", "Builder", "Adapter", "Service", "Controller", "Helper", "Registry",
    "Provider", "Cache", "Scheduler", "Validator", "Monitor", "Proxy", "Visitor", "Resolver", "Session",
)  # fmt: skip

_STEMS = (
    "Quantum", "Invoice", "Payment", "Weather", "Rocket", "Ledger", "Harbor", "Lantern", "Voucher", "Orchard",
    "Tunnel", "Satellite", "Recipe", "Auction", "Magnet", "Compass", "Beacon", "Garden", "Mosaic", "Falcon",
)  # fmt: skip

_VERBS = ("archive", "audit", "broadcast", "compress", "decrypt", "enlist", "forecast", "garnish", "harvest", "inflate")

UNUSUAL_METHODS = {
    True: (
        "archive_all",
        "enable_audit",
        "broadcast_state",
        "to_yaml",
        "decrypt_with",
        "forecast_next",
        "print_invoice",
    ),
    False: ("archiveAll", "enableAudit", "broadcastState", "toYaml", "decryptWith", "forecastNext", "printInvoice"),
}
"""Methods that hardly a type has, in Python's style (True) and in that of C++ (False)."""

MOST_ABSENT = 12
"""Invented names proposed for one file."""


def words(name: str) -> list[str]:
    """The parts of a camelCase or snake_case name: `DicomReader2D` as Dicom, Reader, 2, D."""
    return _PARTS.findall(name)


def absent_candidates(facts: FileFacts) -> tuple[str, ...]:
    """Names a reader could ask for that the file does not define; the index keeps those no symbol bears.

    Per type a near miss of its own name and, now and then, a name from nowhere; per few functions the same.
    """
    own = {s.name for s in facts.symbols}
    found: dict[str, None] = {}
    for symbol in facts.symbols:
        if symbol.is_type and not symbol.decl:
            draw = Draw("absent", facts.path, symbol.qualified)
            found[_near_type(symbol, draw)] = None
            if draw.chance(0.5):
                found[draw.choice(_STEMS) + draw.choice(_ENDINGS)] = None
        elif symbol.kind == "function" and not symbol.name.startswith("_"):
            draw = Draw("absent", facts.path, symbol.qualified)
            if draw.chance(0.25):
                found[_near_function(symbol, draw)] = None
    return tuple(name for name in found if name not in own)[:MOST_ABSENT]


def _near_type(symbol: Symbol, draw: Draw) -> str:
    parts = words(symbol.name) or [symbol.name]
    ending = draw.choice(_ENDINGS)
    if len(parts) > 1 and draw.chance(0.5):
        return "".join([*parts[:-1], ending])
    if len(parts) > 1 and draw.chance(0.3):
        return "".join([draw.choice(_STEMS), *parts[1:]])
    return "".join([*parts, ending])


def _near_function(symbol: Symbol, draw: Draw) -> str:
    verb = draw.choice(_VERBS)
    parts = words(symbol.name) or [symbol.name]
    rest = parts[1:] or parts
    if "_" in symbol.name or symbol.lang == "python":
        return "_".join([verb, *(part.lower() for part in rest)])
    return "".join([verb, *(part[:1].upper() + part[1:] for part in rest)])
