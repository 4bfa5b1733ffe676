"""Full-precision weights from base and adapter."""
