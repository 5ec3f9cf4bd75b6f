#!/usr/bin/env bash
# Gets packages of this machine's Debian, newest versions first, and changes nothing of the machine: eng/debian-packages.sh PACKAGE...
# Prints the path of each .deb, one a line. They stay in the cache folder (eng/test.sh says which); the lists are asked for once a day.
set -euo pipefail
cache="${TIDEKEEPER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tidekeeper}/debian"
for program in apt-get apt-cache dpkg-deb; do
  command -v "$program" >/dev/null || { echo "debian-packages: '$program' is needed; this works on Debian and what is made of it" >&2; exit 3; }
done
mkdir -p "$cache/lists/partial" "$cache/packages"
exec 9>"$cache/.lock"
flock 9

own=(-o "Dir::State::Lists=$cache/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root)
if [ -z "$(find "$cache/.updated" -mmin -1440 2>/dev/null)" ]; then
  apt-get "${own[@]}" -qq update >&2
  touch "$cache/.updated"
fi
for package in "$@"; do
  # apt makes file names itself (epochs as %3a), and names one only in a folder that does not have it yet.
  file="$(cd "$cache/lists" && apt-get "${own[@]}" -qq download --print-uris "$package" | awk '{print $2}')"
  [ -n "$file" ] || { echo "debian-packages: there is no package '$package'" >&2; exit 3; }
  [ -f "$cache/packages/$file" ] || (cd "$cache/packages" && apt-get "${own[@]}" -qq download "$package" >&2)
  echo "$cache/packages/$file"
done
