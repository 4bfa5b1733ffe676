import pytest

from codeanvil.facts.builds import read_build
from codeanvil.facts.model import BuildFacts, Dependency, Target

PACKAGE = """// swift-tools-version:5.9
import PackageDescription

let package = Package(
    name: "shop",
    platforms: [.macOS(.v12)],
    products: [
        .library(name: "Core", targets: ["Core"]),
        .executable(name: "old", targets: ["Old"]),
    ],
    dependencies: [
        .package(url: "https://x.org/apple/swift-log.git", from: "1.5.0"),
        .package(url: "https://x.org/nio", exact: "2.0.1"),
        .package(url: "https://x.org/a.git", branch: "main"),
        .package(url: "https://x.org/b.git", "1.0.0"..<"2.0.0"),
        .package(path: "../Own"),
    ],
    targets: [
        .target(name: "Core", dependencies: [.product(name: "Logging", package: "swift-log"), "Util"]),
        .target(name: "Old", dependencies: [.target(name: "Core")], path: "Sources/old"),
        .executableTarget(name: "shop", dependencies: ["Core"]),
        .testTarget(name: "CoreTests", dependencies: ["Core"]),
    ]
)
"""


def read(text: str) -> BuildFacts:
    return read_build("p/Package.swift", text.encode())


def test_a_package_is_read():
    facts = read(PACKAGE)
    assert (facts.system, facts.name, facts.minimum, facts.problem) == ("swiftpm", "shop", "5.9", None)
    assert facts.dependencies == (
        Dependency("swift-log", ">=1.5.0", 12),
        Dependency("nio", "2.0.1", 13),
        Dependency("a", "main", 14),
        Dependency("b", "1.0.0..<2.0.0", 15),
        Dependency("Own", "../Own", 16),
    )
    assert facts.targets == (
        Target("Core", "library", 19, (), ("Logging", "Util"), "swift build --target Core"),
        Target("Old", "executable", 20, ("Sources/old",), ("Core",), "swift run Old"),
        Target("shop", "executable", 21, (), ("Core",), "swift run shop"),
        Target("CoreTests", "test", 22, (), ("Core",), "swift test --filter CoreTests"),
    )
    assert dict(facts.commands) == {"build": "swift build", "test": "swift test", "run": "swift run shop"}


@pytest.mark.parametrize(
    "text", ["", "let x = 1", "Package()", "Package(name: x)", ".package(url: y)", ".target(name: 3)"]
)
def test_what_lacks_a_name_says_nothing(text):
    facts = read(text)
    assert (facts.name, facts.targets, facts.dependencies, facts.commands) == ("", (), (), ())


def test_what_is_no_swift_is_told():
    assert str(read("let a = )))").problem).startswith("p/Package.swift is not valid Swift: line 1 cannot be read")


@pytest.mark.parametrize("text", ["f(a: " * 5_000, "[" * 5_000, '.target(name: "a"), ' * 3_000, "a." * 5_000])
def test_hostile_files_take_no_time_to_speak_of(text):
    read(text)
