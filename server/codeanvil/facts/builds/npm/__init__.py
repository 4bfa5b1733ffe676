"""JavaScript packages and workspaces: what `package.json` and its like say, for npm, pnpm, Yarn and Bun."""
