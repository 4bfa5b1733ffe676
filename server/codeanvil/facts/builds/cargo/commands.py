"""What a user types to build, test and run what a `Cargo.toml` describes."""

from codeanvil.facts.builds.documents import ordered
from codeanvil.facts.model import BuildFacts


def commands(facts: BuildFacts, *, has_members: bool = False, runs: str = "") -> tuple[tuple[str, str], ...]:
    """The commands for a package, or for a workspace; none for a file that is neither.

    `has_members`: whether there are other packages below. `runs` is the command that starts a program of those.
    """
    values = dict(facts.values)
    if not facts.name and "workspace" not in values:
        return ()
    every = " --workspace" if has_members and facts.name else ""
    programs = [target.name for target in facts.targets if target.kind == "executable"]
    if programs:
        runs = "cargo run" if len(programs) == 1 or "default-run" in values else f"cargo run --bin {programs[0]}"
    return ordered(
        {
            "build": f"cargo build{every}",
            "test": f"cargo test{every}",
            "run": runs,
            "install": "cargo install --path ." if programs else "",
        }
    )
