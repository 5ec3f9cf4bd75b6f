#!/usr/bin/env bash
# Builds the simulation and runs its survey. `./tide sim --help` lists the options.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
log="$root/artifacts/sim-build.log"
mkdir -p "$root/artifacts"
if ! dotnet build "$root/tests/Tidekeeper.Simulation" -c Release -v quiet -nologo >"$log" 2>&1; then
  grep -E "error|NU[0-9]+" "$log" | sort -u | head -20 >&2 || tail -20 "$log" >&2
  echo "tide sim: the build failed; the whole log is $log" >&2
  exit 3
fi
exec dotnet "$root/artifacts/bin/Tidekeeper.Simulation/release/Tidekeeper.Simulation.dll" "$@"
