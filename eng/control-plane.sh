#!/usr/bin/env bash
# A real Kubernetes control plane on loopback, from Debian's packages: etcd, kube-apiserver, kube-controller-manager and kube-scheduler.
# The programs are built once into the cache folder (eng/test.sh says which); a build takes ten minutes, a start a few seconds.
set -euo pipefail
self="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/$(basename "${BASH_SOURCE[0]}")"
cache="${TIDEKEEPER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tidekeeper}"
bin="$cache/kubernetes-1.20.2-r4/bin" # a changed recipe gets another name
data="${TIDE_HOME:-$HOME/.tidekeeper}/control-plane"
owner=$PPID admission=NamespaceLifecycle
. "${self%/*}/supervision.sh"

help() {
  cat <<'HELP'
eng/control-plane.sh VERB [--data DIR] [--owner PID] [--admission PLUGINS]

  install installs what a build and a start need, where it is missing (as root on Debian; else it does nothing)
  build   gets and builds the programs, unless the cache has them (Debian 12; needs rsync, jq and make; no root)
  up      starts a control plane in DIR and prints the KUBECONFIG of its administrator
  status  says whether it runs, and its version
  stop    ends its API server at once, as a crash does; everything else goes on
  start   starts the API server again: the same port, data and certificates
  renew   the API server gets a certificate of a new authority, and its clients here are started again
  down    ends it and deletes its data

What service accounts ask is in DIR/audit.log, one JSON object a line.

  --data DIR    default: control-plane in $TIDE_HOME, or in ~/.tidekeeper
  --admission PLUGINS  admission plugins besides those that are on by default, separated by commas
  --owner PID   the process with which the control plane ends; default: the one that calls this script; 0: none, only `down` ends it
HELP
}

# ---- build

install() {
  local program packages=()
  for program in rsync:rsync jq:jq make:make dpkg-source:dpkg-dev ip:iproute2 openssl:openssl curl:curl; do
    command -v "${program%:*}" >/dev/null || packages+=("${program#*:}")
  done
  [ "${#packages[@]}" -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 0
  say "installing ${packages[*]}"
  apt-get update -qq >/dev/null 2>&1
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null 2>&1 ||
    say "could not be installed: ${packages[*]}"
}

debian() { # apt-get that knows the sources of this machine's own Debian as well, and changes nothing of the machine
  apt-get -o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$work/apt" -o "Dir::State::Lists=$work/lists" \
    -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root -qq "$@"
}

get_sources() {
  mkdir -p "$work/apt" "$work/lists/partial" "$work/packages" "$work/root" "$work/go/src/k8s.io"
  if [ -f /etc/apt/sources.list.d/debian.sources ]; then
    sed '/^Types:/s/:.*/: deb deb-src/' /etc/apt/sources.list.d/debian.sources >"$work/apt/debian.sources"
  else
    sed -nE '/^deb /{p;s/^deb /deb-src /p}' /etc/apt/sources.list >"$work/apt/debian.list"
  fi
  debian update
  (cd "$work/packages" && debian download etcd-server golang-1.19-go golang-1.19-src golang-github-modern-go-reflect2-dev)
  for package in "$work"/packages/*.deb; do dpkg-deb -x "$package" "$work/root"; done
  (cd "$work" && debian source kubernetes >/dev/null)
  mv "$work"/kubernetes-1.20*/ "$work/go/src/k8s.io/kubernetes"
  # The vendored reflect2 1.0.1 and Go 1.18 or newer: "fatal error: fault" at the first CustomResourceDefinition.
  local vendored="$work/go/src/k8s.io/kubernetes/vendor/github.com/modern-go/reflect2"
  rm "$vendored"/*.go "$vendored"/*.s
  cp "$work"/root/usr/share/gocode/src/github.com/modern-go/reflect2/*.{go,s} "$vendored/"
  # With such a Go the vendored validation of custom resources takes every empty string for null; later releases ask only for nil.
  local validation="$work/go/src/k8s.io/kubernetes/vendor/k8s.io/kube-openapi/pkg/validation/validate/type.go"
  sed -i 's/if data == nil || reflect.DeepEqual(reflect.Zero(reflect.TypeOf(data)), reflect.ValueOf(data)) {/if data == nil {/' "$validation"
  grep -q 'if data == nil {' "$validation"
  # This kubelet lets a pod's object go when its sandbox has been collected, up to a minute later (kubernetes#97288); later ones of 1.20 do not wait.
  local pods="$work/go/src/k8s.io/kubernetes/pkg/kubelet/kubelet_pods.go"
  sed -i 's/if len(runtimeStatus.SandboxStatuses) > 0 {/if false {/' "$pods"
  grep -q 'if false {' "$pods"
}

build() {
  [ -x "$bin/kube-apiserver" ] && return
  for program in apt-get dpkg-source rsync jq make; do
    command -v "$program" >/dev/null || fail "'$program' is needed to build Kubernetes; install it (Debian package: ${program/dpkg-source/dpkg-dev})"
  done
  mkdir -p "$cache"
  exec 8>"$cache/.kubernetes-lock"
  flock 8
  [ -x "$bin/kube-apiserver" ] && return
  work="$cache/kubernetes.building"
  rm -rf "$work" && mkdir -p "$work"
  say "building Kubernetes once (about ten minutes); log: $cache/kubernetes.log"
  local status=0
  set +e # in a condition, the first failure would not end it
  (set -e; get_sources; compile) >"$cache/kubernetes.log" 2>&1 8>&-
  status=$?
  set -e
  [ "$status" = 0 ] || fail "the build failed; the end of $cache/kubernetes.log: $(tail -5 "$cache/kubernetes.log")"
  mkdir -p "$work/bin" "${bin%/bin}"
  mv "$work"/go/src/k8s.io/kubernetes/_output/local/go/bin/kube* "$work/root/usr/bin/etcd" "$work/bin/"
  rm -rf "$bin" && mv "$work/bin" "$bin"
  chmod -R u+w "$work" && rm -rf "$work"
  exec 8>&-
}

compile() {
  cat >"$work/version" <<'VERSION'
KUBE_GIT_COMMIT='faecb196815e248d3ecfb03c680a4507229c2a56'
KUBE_GIT_TREE_STATE='archive'
KUBE_GIT_VERSION='v1.20.2'
KUBE_GIT_MAJOR='1'
KUBE_GIT_MINOR='20'
VERSION
  # `make` and not `go build`: it generates the OpenAPI code that the source package lacks.
  cd "$work/go/src/k8s.io/kubernetes" && env -u MAKEFLAGS -u GOFLAGS PATH="$work/root/usr/lib/go-1.19/bin:$PATH" \
    GOROOT="$work/root/usr/lib/go-1.19" GOPATH="$work/go" GOCACHE="$work/go-cache" GO111MODULE=off CGO_ENABLED=0 GOTOOLCHAIN=local \
    KUBE_GIT_VERSION_FILE="$work/version" \
    make WHAT="cmd/kube-apiserver cmd/kube-controller-manager cmd/kube-scheduler cmd/kubelet" GOLDFLAGS="-s -w"
}

# ---- run

write_access() {
  local secret port="$1"
  secret="$(openssl rand -hex 16)"
  openssl genrsa -out "$data/service-accounts.key" 2048 2>/dev/null
  openssl rsa -in "$data/service-accounts.key" -pubout -out "$data/service-accounts.pub" 2>/dev/null
  echo "$secret,admin,admin,system:masters" >"$data/tokens.csv"
  cat >"$data/kubeconfig" <<CONFIG
apiVersion: v1
kind: Config
current-context: control-plane
contexts: [{name: control-plane, context: {cluster: control-plane, user: admin}}]
users: [{name: admin, user: {token: $secret}}]
clusters: [{name: control-plane, cluster: {server: "https://127.0.0.1:$port", certificate-authority: "$data/certificates/apiserver.crt"}}]
CONFIG
}

write_audit_policy() {
  cat >"$data/audit-policy.yaml" <<'POLICY'
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- {level: Metadata, userGroups: ["system:serviceaccounts"]}
- {level: None}
POLICY
}

# Runs a program that ends when this process does, however that ends.
run() {
  local program="$1"
  shift
  setpriv --pdeathsig KILL "$bin/$program" "$@" >>"$data/$program.log" 2>&1 &
  children[$program]=$!
}

kill_child() {
  kill -KILL "${children[$1]}"
  wait "${children[$1]}" 2>/dev/null || true
  unset "children[$1]"
}

ready() { # a program, and the URL of its health check; 30 seconds at most
  for _ in $(seq 300); do
    # What answers there may be somebody else's.
    kill -0 "${children[$1]}" 2>/dev/null || break
    curl -skf --max-time 2 -o /dev/null "$2" && return
    sleep 0.1
  done
  fail "$1 does not start: $(tail -n 3 "$data/$1.log"); see $data/$1.log"
}

run_etcd() {
  # Nothing here outlives a power cut: without fsync a start takes a quarter of the time.
  run etcd --data-dir "$data/etcd" --unsafe-no-fsync --listen-client-urls "http://127.0.0.1:$etcd" --advertise-client-urls "http://127.0.0.1:$etcd" \
    --listen-peer-urls "http://127.0.0.1:$peers" --initial-advertise-peer-urls "http://127.0.0.1:$peers" \
    --initial-cluster "default=http://127.0.0.1:$peers"
  ready etcd "http://127.0.0.1:$etcd/health"
}

run_api_server() {
  run kube-apiserver --etcd-servers "http://127.0.0.1:$etcd" --bind-address 127.0.0.1 --secure-port "$api" --cert-dir "$data/certificates" \
    --service-account-key-file "$data/service-accounts.pub" --service-account-signing-key-file "$data/service-accounts.key" \
    --service-account-issuer https://kubernetes.default.svc --token-auth-file "$data/tokens.csv" --authorization-mode RBAC \
    --service-cluster-ip-range 10.0.0.0/16 --allow-privileged=true --kubelet-preferred-address-types InternalIP \
    --audit-policy-file "$data/audit-policy.yaml" --audit-log-path "$data/audit.log" --audit-log-mode blocking-strict \
    --enable-admission-plugins "$admission"
  ready kube-apiserver "https://127.0.0.1:$api/readyz"
}

run_clients() { # of the API server; they read its certificate once
  # The usual 20 requests a second are meant to spare a server that others use: collecting a hundred clusters' objects would take a quarter of an hour.
  run kube-controller-manager --kubeconfig "$data/kubeconfig" --leader-elect=false --bind-address 127.0.0.1 --secure-port "$manager" \
    --cert-dir "$data/manager" --service-account-private-key-file "$data/service-accounts.key" --root-ca-file "$data/certificates/apiserver.crt" \
    --port 0 --kube-api-qps 500 --kube-api-burst 1000
  ready kube-controller-manager "https://127.0.0.1:$manager/healthz"
  run kube-scheduler --kubeconfig "$data/kubeconfig" --leader-elect=false --bind-address 127.0.0.1 --secure-port "$scheduler" \
    --cert-dir "$data/scheduler" --port 0 --kube-api-qps 500 --kube-api-burst 1000
  ready kube-scheduler "https://127.0.0.1:$scheduler/healthz"
}

supervise() {
  declare -A children=()
  trap 'exit 0' TERM INT
  # Its data goes with it: there is nothing that an orderly end would save, and kube-apiserver takes a minute for one.
  trap 'kill -KILL "${children[@]}" 2>/dev/null; wait' EXIT
  local etcd peers api manager scheduler
  etcd=$(free_port) peers=$(free_port) api=$(free_port) manager=$(free_port) scheduler=$(free_port)
  write_access "$api"
  write_audit_policy
  run_etcd
  run_api_server
  run_clients
  touch "$data/ready"
  # One that ends takes all with it: half a control plane is no answer to any question, unless somebody asks it.
  while [ "$owner" = 0 ] || kill -0 "$owner" 2>/dev/null; do
    follow_wish
    for child in "${!children[@]}"; do kill -0 "${children[$child]}" 2>/dev/null || fail "$child ended; see $data/$child.log"; done
    sleep 0.2
  done
}

follow_wish() { # the file `away` is there while the API server shall not be
  if [ -e "$data/away" ] && [ -v "children[kube-apiserver]" ]; then
    kill_child kube-apiserver
    rm "$data/ready"
  elif [ ! -e "$data/away" ] && [ ! -v "children[kube-apiserver]" ]; then
    run_api_server
    if [ -e "$data/renewed" ]; then
      kill_child kube-controller-manager
      kill_child kube-scheduler
      run_clients
      rm "$data/renewed"
    fi
    touch "$data/ready"
  fi
}

up() {
  running >/dev/null && fail "$data: already runs; end it with '$0 down --data $data'"
  for program in openssl curl setpriv; do command -v "$program" >/dev/null || fail "'$program' is needed; install it"; done
  build
  local attempt
  for attempt in 1 2 3; do
    rm -rf "$data"
    mkdir -p "$data"
    (begin --admission "$admission") && break
    # Somebody else may have taken a port between its choice and its use.
    [ "$attempt" -lt 3 ] && grep -qs "address already in use" "$data"/*.log || exit 1
  done
  echo "export KUBECONFIG=$data/kubeconfig"
}

stop() {
  running >/dev/null || fail "$data: no control plane runs"
  touch "$data/away"
  while [ -f "$data/ready" ] && running >/dev/null; do sleep 0.1; done
}

start() {
  running >/dev/null || fail "$data: no control plane runs"
  rm -f "$data/away"
  await_ready
}

renew() {
  stop
  rm -f "$data/certificates/"* # the API server makes what it does not find
  touch "$data/renewed"
  start
}

down() {
  end || true
  rm -rf "$data"
}

status() {
  running >/dev/null || { echo "$data: no control plane runs"; exit 1; }
  echo "$data: $("$bin/kube-apiserver" --version) runs, process $(running); export KUBECONFIG=$data/kubeconfig"
}

verb="${1:-help}"
[ $# = 0 ] || shift
while [ $# -gt 0 ]; do
  case "$1" in
    --data) data="${2:?--data needs a folder}"; shift 2 ;;
    --admission) admission="${2:?--admission needs names of plugins}"; shift 2 ;;
    --owner) owner="${2:?--owner needs a process id}"; shift 2 ;;
    *) fail "unknown option '$1'; known: --data DIR, --owner PID, --admission PLUGINS" ;;
  esac
done
data="$(realpath -m "$data")"
case "$verb" in
  install | build | up | stop | start | renew | down | status | supervise) "$verb" ;;
  help | --help | -h) help ;;
  *) fail "unknown verb '$verb'; known: install, build, up, status, stop, start, renew, down" ;;
esac
