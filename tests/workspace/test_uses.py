"""Who uses what, as the store knows it, and that samples follow when it changes elsewhere."""

from typing import Any

import pytest

from codeanvil.samples.model import Users
from codeanvil.workspace.store.relations import MOST_USERS
from codeanvil.workspace.store.views import file_view

SHOP = {
    "shop/order.py": "class OrderBook:\n    pass\n\n\nclass Order:\n    pass\n\n\ndef to_cents(x):\n    return x\n",
    "shop/cart.py": "from shop.order import Order, OrderBook\n\n\nclass CartView:\n"
    "    def total(self, book: OrderBook):\n        return to_cents(Order())\n",
    "notes.py": "# An Order is an order. OrderBook is mentioned.\n",
    "web/page.ts": "// OrderBook, Order, to_cents\nexport class PageView {}\n",
}


def users(project: Any, path: str) -> dict[str, Users]:
    with project.store() as store:
        view = file_view(store, path)
    assert view is not None
    return dict(view.users)


def uses(project: Any, path: str) -> dict[str, tuple[str, ...]]:
    with project.store() as store:
        view = file_view(store, path)
    assert view is not None
    assert view.uses is not None
    return dict(view.uses)


def answers(project: Any, kind: str) -> set[str]:
    with project.store() as store:
        return {s.output for s in store.samples(kind) if not s.input}


def test_names_of_several_parts_are_used_where_they_stand_others_where_they_are_imported(project: Any) -> None:
    project.write(SHOP)
    project.index()
    assert users(project, "shop/order.py") == {
        "OrderBook": Users(2, ("notes.py", "shop/cart.py")),
        "Order": Users(1, ("shop/cart.py",), imported=True),
        "to_cents": Users(1, ("shop/cart.py",)),
    }
    assert users(project, "shop/cart.py") == {"CartView": Users(0)}
    assert uses(project, "shop/cart.py") == {"": ("Order", "OrderBook"), "CartView": ("Order", "OrderBook")}
    assert uses(project, "notes.py") == {"": ("OrderBook",)}
    assert uses(project, "web/page.ts")["PageView"] == ()


@pytest.mark.parametrize("others", [MOST_USERS, MOST_USERS + 1, 34])
def test_of_many_users_the_nearest_are_named_and_the_number_is_to_one_figure(project: Any, others: int) -> None:
    far = {f"far/use{n:02}.py": "OrderBook\n" for n in range(others - 1)}
    project.write({"shop/order.py": "class OrderBook: ...\n", "shop/near.py": "OrderBook\n", **far})
    project.index()
    found = users(project, "shop/order.py")["OrderBook"]
    assert found.count == {MOST_USERS: MOST_USERS, MOST_USERS + 1: 9, 34: 30}[others]
    assert len(found.files) == MOST_USERS
    assert "shop/near.py" in found.files


@pytest.mark.parametrize(
    ("change", "renewed", "kind", "answer"),
    [
        (
            {"web.py": "OrderBook()\n"},
            {"web.py", "shop/order.py"},
            "users",
            "`OrderBook` is used in `notes.py`, `shop/cart.py` and `web.py`.",
        ),
        (
            {"notes.py": "# Nothing.\n"},
            {"notes.py", "shop/order.py"},
            "users",
            "`OrderBook` is used in `shop/cart.py`.",
        ),
        (
            {"shop/cart.py": "from shop.order import OrderBook\n\n\nclass CartView:\n    book = OrderBook\n"},
            {"shop/cart.py", "shop/order.py"},
            "uses",
            "`CartView` uses `OrderBook`.",
        ),
        (
            {"other.py": "class OrderBook: ...\n"},
            {"other.py", "shop/order.py", "shop/cart.py", "notes.py"},
            "uses",
            "`CartView` uses `Order`.",
        ),
        (
            {"shop/cart.py": SHOP["shop/cart.py"] + "    # more\n"},
            {"shop/cart.py"},
            "uses",
            "`CartView` uses `Order` and `OrderBook`.",
        ),
    ],
    ids=["one more user", "one user less", "another use", "a second definition", "nothing that matters"],
)  # fmt: skip
def test_a_change_renews_the_samples_that_tell_of_it_and_no_others(
    project: Any, change: dict[str, str], renewed: set[str], kind: str, answer: str
) -> None:
    project.write(SHOP)
    project.index()
    project.make_samples()
    project.write(change)
    report = project.index(*change)
    assert set(report.regenerated) - {""} == renewed
    assert answer in answers(project, kind)


def test_users_of_a_name_come_by_how_often_they_mention_it(project: Any) -> None:
    project.write(
        {
            "shape.py": "class Shape:\n    pass\n",
            "often.py": "from shape import Shape\n\n\ndef both():\n    return Shape(), Shape()\n",
            "once.py": "import shape\n\n\nclass Maker:\n    def make(self):\n        return shape.Shape()\n",
            "other.py": "Shapes = reshape = SHAPE = None\n",
            "ship.cpp": "int main() { Shape shape; Shape other; Shape third; Shape last; }\n",
        }
    )
    project.index()
    with project.store() as store:
        assert [(use.path, use.count, use.line) for use in store.users_of("Shape", "python")] == [
            ("often.py", 3, 1),
            ("once.py", 1, 6),
            ("shape.py", 1, 1),
        ]
        assert store.users_of("Shape")[0].path == "ship.cpp"
        assert [(use.within, use.line, use.count) for use in store.uses_in("often.py", "Shape")] == [
            ("", 1, 1),
            ("both", 5, 2),
        ]
        assert [use.within for use in store.uses_in("once.py", "Shape")] == ["Maker.make"]
        assert {"often.py", "once.py", "shape.py", "ship.cpp"} <= set(store.files_with("Shape"))
        assert store.users_of("Nobody") == store.users_of("") == store.users_of("a b") == []
        assert store.referred("Shape", "python") == 2
        assert store.referred("Shape", "cpp") == 0


def test_names_follow_edits(project: Any) -> None:
    project.write({"a.py": "class Late: ...\n", "b.py": "def go():\n    return Early()\n"})
    project.index()
    with project.store() as store:
        assert (store.referred("Late", "python"), store.referred("Early", "python")) == (0, 0)
        project.write({"a.py": "class Early: ...\n"})
        project.index("a.py")
        assert store.referred("Early", "python") == 1
        assert store.file("a.py").importance > store.file("b.py").importance == 0
        project.write({"b.py": None})
        project.index("b.py")
        assert store.referred("Early", "python") == 0
        assert store.file("a.py").importance == 0
