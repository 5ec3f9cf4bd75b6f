#!/usr/bin/env bash
# Measures what docs/bench.md promises and prints one table. Without arguments everything (some minutes); else the parts named.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
log="$root/artifacts/bench-build.log"
mkdir -p "$root/artifacts"
if ! dotnet build "$root/bench/Tidekeeper.Bench" -c Release -v quiet -nologo >"$log" 2>&1; then
  grep -E "error|NU[0-9]+" "$log" | sort -u | head -20 >&2 || tail -20 "$log" >&2
  echo "tide bench: the build failed; the whole log is $log" >&2
  exit 3
fi
exec dotnet "$root/artifacts/bin/Tidekeeper.Bench/release/tidekeeper-bench.dll" "$@"
