"""What samples teach: ours against the training guide's, and without their parts."""
