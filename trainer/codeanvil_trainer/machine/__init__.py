"""What the machine has and what that suffices for: memory, disk, GPU; the doctor."""
