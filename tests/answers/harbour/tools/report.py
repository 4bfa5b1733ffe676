class Report:
    """A report for the port authority."""

    def send(self):
        return None
