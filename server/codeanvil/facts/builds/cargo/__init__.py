"""Rust packages and workspaces: what `Cargo.toml` files say."""
