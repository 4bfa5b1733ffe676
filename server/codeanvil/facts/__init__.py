"""What the code says: pure functions, bytes in, facts out. Nothing here touches a disk, a clock or a process."""
