"""Which files an import means, and that being imported makes a file important."""

from typing import Any

import pytest

from codeanvil.workspace.store.words import import_names, imported

MEANT = [
    # language, import, a file that it means, one that it does not
    ("python", "shop.orders", "shop/orders.py", "shop/lines.py"),
    ("python", "shop.orders", "src/shop/orders/__init__.py", "src/shop/__init__.py"),
    ("typescript", "../shop/orders", "src/shop/orders.ts", "src/shop/lines.ts"),
    ("rust", "crate::shop::orders", "src/shop/orders.rs", "src/shop/lines.rs"),
    ("rust", "crate::shop::orders::Order", "src/shop/orders/mod.rs", "src/orders/order.rs"),
    ("cpp", "shop/orders.hpp", "include/shop/orders.hpp", "include/orders.hpp.in/x.hpp"),
    ("java", "com.shop.Order", "src/main/java/com/shop/Order.java", "src/main/java/com/shop/Line.java"),
    ("java", "com.shop.Order.TOTAL", "src/main/java/com/shop/Order.java", "src/main/java/com/shop/TOTAL.java"),
    ("java", "com.shop.*", "src/main/java/com/shop/Line.java", "src/main/java/com/desk/Line.java"),
    ("kotlin", "com.shop.Order.Companion.of", "src/com/shop/Order.kt", "src/com/desk/Order.kt"),
    ("kotlin", "com.shop.*", "src/com/shop/orders.kt", "src/com/shop/desk/orders.kt"),
    ("scala", "com.shop.Order", "src/main/scala/com/shop/Order.scala", "src/main/scala/com/desk/Order.scala"),
    ("scala", "com.shop._", "src/main/scala/com/shop/Order.scala", "src/main/scala/com/Order.scala"),
    ("go", "github.com/acme/shop/internal/orders", "internal/orders/order.go", "internal/lines/line.go"),
    ("go", "github.com/acme/shop/orders", "orders/order.go", "orders/order_test.go"),
    ("go", "github.com/acme/shop/orders/v2", "orders/v2/order.go", "lines/v2/line.go"),
]


@pytest.mark.parametrize(("lang", "name", "meant", "other"), MEANT, ids=[f"{each[0]}-{each[1]}" for each in MEANT])
def test_an_import_means_the_file_it_leads_to(lang: str, name: str, meant: str, other: str) -> None:
    words = imported([name], lang)
    assert words & import_names(meant, lang)
    assert not words & import_names(other, lang)


SHOPS = {
    "java": {
        "com/shop/Orders.java": "package com.shop;\npublic class Orders {}\n",
        "com/desk/Desk.java": "package com.desk;\nimport com.shop.*;\nclass Desk {}\n",
    },
    "kotlin": {
        "com/shop/orders.kt": "package com.shop\nfun of() = 1\n",
        "com/desk/desk.kt": "package com.desk\nimport com.shop.*\nval x = 1\n",
    },
    "scala": {
        "com/shop/orders.scala": "package com.shop\nobject of\n",
        "com/desk/desk.scala": "package com.desk\nimport com.shop._\nobject Desk\n",
    },
    "go": {
        "orders/order.go": "package orders\n\nfunc of() int { return 1 }\n",
        "desk/desk.go": 'package desk\n\nimport _ "acme.org/shop/orders"\n\nfunc main() {}\n',
    },
}


@pytest.mark.parametrize("files", SHOPS.values(), ids=SHOPS)
def test_what_is_imported_is_important_and_stays_so_while_files_change(project: Any, files: dict[str, str]) -> None:
    (shop, desk), (_, importing) = files, files.values()
    project.write(files)
    project.index()
    assert important(project, shop)
    project.write({desk: importing.replace("import", "// import")})
    project.index(desk)
    assert not important(project, shop)
    project.write({desk: importing})
    project.index(desk)
    assert important(project, shop)


def important(project: Any, path: str) -> bool:
    with project.store() as store:
        return bool(store.file(path).importance > 0)


def test_a_folder_of_go_is_not_taken_for_the_standard_library() -> None:
    assert not imported(["errors"], "go") & import_names("errors/errors.go", "go")
