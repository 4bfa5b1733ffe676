"""Shapes and their areas."""


class Shape:
    """Anything with an area."""

    def area(self) -> float:
        """Square metres."""
        return 0.0


class Circle(Shape):
    """A round shape."""

    def radius(self) -> float:
        """Metres."""
        return 1.0
