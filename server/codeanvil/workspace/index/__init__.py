"""The index: from the files of a workspace to facts and samples in its store."""
