"""Bazel: `MODULE.bazel`, `WORKSPACE`, `BUILD`, `.bazelrc` and `.bazelversion`."""
