from codeanvil.facts.extract import extract
from codeanvil.facts.model import Symbol


def read(source: str) -> list[Symbol]:
    return list(extract("a.c", source.encode(), "c").symbols)


def shape(source: str) -> list[tuple[str, str, bool]]:
    return [(s.kind, s.name, s.decl) for s in read(source)]


def test_types_by_tag_and_by_typedef():
    source = """
struct point { int x, y; };
union value { int i; };
enum color { RED, GREEN };
typedef struct { int w; } Size;
typedef enum { UP } Direction;
typedef struct node { struct node *next; } Node, *NodePtr;
typedef struct same { int a; } same;
typedef struct opaque opaque;
struct later;
struct point origin = {0, 0};
typedef int number;
typedef int (*callback)(struct point *);
"""
    assert shape(source) == [
        ("struct", "point", False),
        ("union", "value", False),
        ("enum", "color", False),
        ("struct", "Size", False),
        ("enum", "Direction", False),
        ("struct", "node", False),
        ("struct", "Node", False),
        ("struct", "same", False),
        ("struct", "opaque", True),
        ("struct", "later", True),
    ]
    assert next(s for s in read(source) if s.name == "Node").signature == "typedef struct node Node"


def test_functions_of_all_ages():
    source = """
static int modern(const char *s);
int old(a, b) int a; char *b; { return a; }
char **pointers(void) { return 0; }
oldest(x) { return x; }
METHODDEF(void)
wrapped (int cinfo)
{
}
MACRO_USE(x) { }
LUA_API int (lua_gettop) (lua_State *L);
int main(void) { return oldest(1); }
"""
    assert shape(source) == [
        ("function", "modern", True),
        ("function", "old", False),
        ("function", "pointers", False),
        ("function", "oldest", False),
        ("function", "wrapped", False),
        ("function", "lua_gettop", True),
        ("function", "main", False),
    ]
    facts = extract("a.c", source.encode(), "c")
    assert (facts.has_main, facts.main_line) == (True, 12)


def test_what_is_for_cpp_only_is_left_out_of_c():
    source = """
#ifdef __cplusplus
extern "C" {
class X {};
#else
struct y { int a; };
#endif
void f(void);
#ifdef __cplusplus
}
#endif
"""
    assert [name for _, name, _ in shape(source)] == ["y", "f"]


def test_a_macro_with_a_comment_in_its_body_hides_nothing():
    source = "#define SET(x) do { /* a */ \\\n  x = 1; /* b */ \\\n} while (0)\n\nint after(void) { return 0; }\n"
    assert [(kind, name) for kind, name, _ in shape(source)] == [("macro", "SET"), ("function", "after")]


def test_directives_in_the_middle_of_a_table_hide_nothing():
    source = """
static int table[] = {
#define ROW(x) x,
  ROW(1)
#undef ROW
#ifdef MORE
  2,
#endif
};
int after(void) { return 0; }
"""
    assert ("function", "after", False) in shape(source)


def test_macros_that_make_members_do_not_hide_the_struct():
    source = "struct manager {\n  METHOD(void, start, (int *a));\n  LIST_HEAD(head);\n  int last;\n};\nstruct after { int a; };\n"
    assert [name for _, name, _ in shape(source)] == ["manager", "after"]


def test_parameters_of_before_c89_in_a_macro():
    source = """
local int build OF((tree_desc *desc, const char *name));
static voidpf f OF((void));
extern int g __P((int (*)(void), char *));
int DLL inflate(strm, flush)
z_streamp strm;
int flush;
{
    struct state { int a; } *s;
    return 0;
}
"""
    assert shape(source) == [
        ("function", "build", True),
        ("function", "f", True),
        ("function", "g", True),
        ("function", "inflate", False),
        ("struct", "state", False),
    ]


def test_macros_in_small_letters_hide_nothing():
    source = """
#define declare(type) \\
  static int push_##type(type x) { return 0; }
declare(int)
declare(void *);
local z_size_t read_some OF((voidp, z_size_t));
local unsigned long count(int);
static void swap(int *x) { if ((union { int i; char c; }){1}.c) return; typedef struct { int a; } pair; }
"""
    assert [name for _, name, _ in shape(source)] == ["declare", "read_some", "count", "swap", "pair"]
