"""Training runs as folders, which are the whole truth about them: plan, launch, follow, stop, resume, put to use."""
