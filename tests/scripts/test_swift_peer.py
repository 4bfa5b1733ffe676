"""The scanner that Swift is compared with sees declarations by keywords and brackets."""

from scripts.compare_facts import swift_peer
from scripts.compare_facts.definition import Definition

SOURCE = """
// class Not {}
let text = "class Not { func no() {} }"
@objc public class A<T: X>: M.B<T>, @unchecked Sendable, ~Copyable where T: Y {
  init?(x: Int = { 1 }()) { if let y = x { func local() {} } }
  var body: Int { func helper() {}; return 1 }
  class func make() -> A { A.init(x: 1) }
}
extension A: P { func more() {} }
protocol Q {
  func need()
  init()
}
func top() { struct Inner {} }
"""


def test_declarations_have_scopes_bases_and_the_members_of_extensions(tmp_path):
    (tmp_path / "a.swift").write_text(SOURCE)
    assert list(swift_peer.found(tmp_path, ["a.swift"], "swift").definitions) == [
        Definition("type", "A", "", "a.swift", 4, ("B", "Sendable", "P"), ("init", "make", "more")),
        Definition("method", "init", "A", "a.swift", 5),
        Definition("function", "local", "A.init", "a.swift", 5),
        Definition("function", "helper", "A.body", "a.swift", 6),
        Definition("method", "make", "A", "a.swift", 7),
        Definition("method", "more", "A", "a.swift", 9),
        Definition("type", "Q", "", "a.swift", 10, (), ("need", "init")),
        Definition("method", "need", "Q", "a.swift", 11),
        Definition("method", "init", "Q", "a.swift", 12),
        Definition("function", "top", "", "a.swift", 14),
        Definition("type", "Inner", "top", "a.swift", 14),
    ]
