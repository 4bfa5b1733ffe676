"""Sources of a few lines that tests of the index write, change and take away."""

BASE = '"""Shapes."""\n\n\nclass Shape:\n    """Something with an area."""\n\n    def area(self):\n        return 0\n'
CIRCLE = "from base import Shape\n\n\nclass Circle(Shape):\n    def area(self):\n        return 3\n"
OTHER = "class Other:\n    def run(self):\n        return 1\n"
