"""Python 2: what the grammar still takes is read, the rest is a problem with a line, and definitions are found."""

from typing import Any

OLD = '''#!/usr/bin/env python2
# -*- coding: latin-1 -*-
"""Old code."""
import urllib2


class Old(object):
    """An old class."""
    __metaclass__ = type

    def run(self, (a, b), c=0777L):
        """Run it."""
        print "running %s" % self.name
        print >>sys.stderr, `c`
        exec "x = 1" in {}
        if a <> b:
            raise ValueError, "no"
        try:
            pass
        except (IOError, OSError), error:
            print error.message
        return ur"text"

    def stop(self):
        """Stop it."""
        print


def main():
    Old().run((1, 2))


if __name__ == "__main__":
    main()
'''


def test_definitions_are_found(project: Any) -> None:
    project.write({"old.py": OLD})
    problems = project.index().problems
    with project.store() as store:
        facts = store.facts("old.py")
    assert facts is not None
    assert {"Old", "run", "stop", "main"} <= {symbol.name for symbol in facts.symbols}
    assert facts.has_main
    assert facts.imports == ("urllib2",)
    assert all(problem.startswith("old.py has a syntax error at line") for problem in problems.values())
