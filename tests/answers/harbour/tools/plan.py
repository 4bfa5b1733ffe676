"""The command that prints a plan."""

from core.berth import BerthPlanner, load_berths


class Report:
    """A plan on paper."""

    def render(self):
        return ""


def main():
    """Print the plan of the day."""
    BerthPlanner(load_berths("berths.csv"))


if __name__ == "__main__":
    main()
