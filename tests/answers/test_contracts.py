"""Go's interfaces: who meets one is found by methods, and answers say so."""

import pytest
from tests.answers.asking import asking

SOURCES = {
    "go.mod": "module example.org/store\n\ngo 1.21\n",
    "backend/backend.go": """package backend

// Backend keeps blobs.
type Backend interface {
	Save(name string, data []byte) error
	Load(name string) ([]byte, error)
	Closer
}

type Closer interface {
	Close() error
}

type Mover interface {
	Move(from, to string) error
}
""",
    "disk/disk.go": """package disk

type Disk struct{ root string }

func NewDisk(root string) *Disk { return &Disk{root} }

func (d *Disk) Save(name string, data []byte) error { return nil }
func (d *Disk) Load(name string) ([]byte, error) { return nil, nil }
func (d *Disk) Close() error { return nil }
func (d *Disk) Move(from, to string) (int, error) { return 0, nil }

// Cached keeps what it loaded.
type Cached struct {
	*Disk
	seen map[string][]byte
}

func (c *Cached) Load(name string) ([]byte, error) { return c.seen[name], nil }
""",
    "half/half.go": """package half

type Half struct{}

func (Half) Save(name string, data []byte) error { return nil }
func (Half) Move(string, string) error { return nil }
""",
    "main.go": 'package main\n\nimport "example.org/store/disk"\n\nfunc main() {\n\tdisk.NewDisk("/tmp").Close()\n}\n',
}


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    with asking(tmp_path_factory.mktemp("go"), SOURCES) as asked:
        yield lambda question: asked(question).answer


@pytest.mark.parametrize(
    ("question", "said", "unsaid"),
    [
        ("Who implements Backend?", ["`Disk`", "`Cached`"], ["`Half`"]),
        ("implementations of Closer", ["`Disk`", "`Cached`"], ["`Half`"]),
        ("Which types implement Mover?", ["`Half`"], ["`Disk`", "`Cached`"]),  # Disk.Move gives two values
        ("What does Disk implement?", ["`Backend`", "`Closer`"], ["`Mover`"]),
        ("Does Cached implement Backend?", ["Yes"], ["No,"]),
        ("Does Half implement Backend?", ["No,"], ["Yes"]),
        ("What is Backend for?", ["keeps blobs", "`Cached`", "`Disk`"], []),
    ],
)
def test_a_type_meets_an_interface_by_its_methods(answer, question, said, unsaid):
    text = answer(question)
    assert all(each in text for each in said), text
    assert not any(each in text for each in unsaid), text


def test_who_calls_what_makes_a_type_uses_the_type(answer):
    assert "main.go" in answer("Where is Disk used?")
