"""Models that write, reached over HTTP, and our own answers offered as one."""
