#!/usr/bin/env bash
# Real nodes on one machine: for each a kubelet and a containerd that run real containers, from Debian's packages, for a control plane
# of eng/control-plane.sh. Each node lives in namespaces of its own (mounts, processes), so that nothing is left when it ends.
set -euo pipefail
self="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/$(basename "${BASH_SOURCE[0]}")"
cache="${TIDEKEEPER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tidekeeper}"
kubernetes="$cache/kubernetes-1.20.2-r4/bin"
packages="$cache/containerd-1.6-r1" # a changed list gets another name
data="${TIDE_HOME:-$HOME/.tidekeeper}/nodes"
owner=$PPID nodes=3 number=0 kubeconfig="${KUBECONFIG:-}"
bridge=tidekeeper0    # one such world on a machine: its addresses are fixed
gateway=10.244.0.1    # pods are 10.244.0.0/16, all on one bridge
services=10.0.0.0/16  # as eng/control-plane.sh gives it to kube-apiserver
group="tidekeeper-nodes" # of cgroups
weight=65536             # of all containers; an ordinary process has 1024
kernel=(vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops kernel/keys/root_maxkeys kernel/keys/root_maxbytes)
. "${self%/*}/supervision.sh"

help() {
  cat <<'HELP'
eng/node.sh VERB [--data DIR] [--owner PID] [--kubeconfig FILE] [--nodes N] [FILE...]

  get     gets containerd, runc, the CNI plugins and busybox, unless the cache has them (Debian 12; no root)
  can     says why this machine cannot run nodes, and fails; silent where it can
  up      starts N nodes (default: 3) for the cluster of --kubeconfig (default: $KUBECONFIG); needs root
  import  loads OCI archives into all nodes
  status  says which nodes run
  down    ends them with all containers and deletes their data

  --data DIR    default: nodes in $TIDE_HOME, or in ~/.tidekeeper; not below /run or /var
  --owner PID   the process with which the nodes end; default: the one that calls this script; 0: none, only `down` ends them

Pods get addresses of 10.244.0.0/16 on a bridge that only this machine sees, and ask its address 10.244.0.1 for names. That DNS and
the addresses of Services (10.0.0.0/16) are served by `tide node --kubelet real`; this script makes them local.
HELP
}

# ---- get

get() {
  [ -x "$packages/bin/containerd" ] && return
  mkdir -p "$cache"
  exec 8>"$cache/.containerd-lock"
  flock 8
  [ -x "$packages/bin/containerd" ] && return
  local work="$cache/containerd.getting" list
  rm -rf "$work" && mkdir -p "$work/root" "$work/bin" "$work/cni"
  list="$(bash "${self%/*}/debian-packages.sh" containerd runc containernetworking-plugins busybox-static libseccomp2 8>&-)" ||
    fail "containerd could not be had"
  for package in $list; do dpkg-deb -x "$package" "$work/root"; done
  mv "$work"/root/usr/bin/{containerd,containerd-shim-runc-v2,ctr} "$work/root/usr/sbin/runc" "$work/root/bin/busybox" "$work/bin/"
  mv "$work"/root/usr/lib/*/libseccomp.so.2* "$work/bin/"
  mv "$work"/root/usr/lib/cni/{bridge,host-local,loopback} "$work/cni/"
  chmod -R u+w "$work" && rm -rf "$work/root" "$packages"
  mv "$work" "$packages"
  exec 8>&-
}

# ---- where it runs

can() {
  [ "$(id -u)" = 0 ] || fail "real containers need root"
  for program in ip unshare setpriv curl; do command -v "$program" >/dev/null || fail "'$program' is needed; install it"; done
  for controller in cpu cpuacct cpuset memory pids devices freezer; do
    [ -n "$(hierarchy "$controller")" ] || fail "the cgroup (v1) controller '$controller' is not mounted; this kubelet needs it"
  done
  unshare --mount --pid --fork true 2>/dev/null || fail "namespaces of mounts and processes cannot be made here"
  unshare --mount mount -t tmpfs tmpfs /run 2>/dev/null || fail "nothing can be mounted here"
  [ -x "$kubernetes/kubelet" ] || fail "$kubernetes/kubelet does not exist: eng/control-plane.sh build"
}

hierarchy() { # where a controller of cgroup v1 is mounted
  awk -v controller="$1" '$3 == "cgroup" && ("," $4 ",") ~ ("," controller ",") { print $2; exit }' /proc/mounts
}

hierarchies() { awk '$3 ~ /^cgroup2?$/ { print $2 }' /proc/mounts | sort -u; }

# ---- one node

write_containerd() { # folder of the node
  cat >"$1/containerd.toml" <<CONFIG
version = 2
root = "$1/containerd"
state = "$1/state"
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs", "io.containerd.internal.v1.opt"]
[grpc]
  address = "$1/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "docker.io/tidekeeper/pause:1"
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  stream_server_address = "127.0.0.1"
  max_container_log_line_size = 65536
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$packages/cni"
    conf_dir = "$data/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      BinaryName = "$packages/bin/runc"
CONFIG
}

write_kubelet() { # folder of the node, its address, a free port
  # Nothing is evicted and no image collected: a disk that is nearly full is the machine's business, and images come from no registry.
  cat >"$1/kubelet.yaml" <<CONFIG
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $2
port: $3
healthzPort: 0
readOnlyPort: 0
authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
authorization: {mode: AlwaysAllow}
cgroupDriver: cgroupfs
cgroupRoot: /$group/node-$number
clusterDNS: [$gateway]
clusterDomain: cluster.local
resolvConf: $data/resolv.conf
enforceNodeAllocatable: []
failSwapOn: false
makeIPTablesUtilChains: false
oomScoreAdj: 0
imageGCHighThresholdPercent: 100
imageMinimumGCAge: 100h
evictionHard: {memory.available: 0%, nodefs.available: 0%, nodefs.inodesFree: 0%, imagefs.available: 0%}
nodeStatusUpdateFrequency: 5s
syncFrequency: 3s
serializeImagePulls: false
CONFIG
}

# Runs as the first process of the node's own namespaces: what it starts ends with it.
node() {
  local folder="$data/node-$number" address="10.244.255.$number" zone
  zone="zone-$(printf '%b' "\\x$(printf %x $((96 + number)))")"
  mount -t tmpfs tmpfs /run
  mount --bind "$folder/var" /var
  mkdir -p /var/lib/kubelet /var/log /var/tmp /run/lock
  ln -sfn /run /var/run
  for hierarchy in $(hierarchies); do mkdir -p "$hierarchy/$group/node-$number"; done
  # As much as many processes: else all containers of all nodes together would get the time of one process beside them.
  echo "$weight" >"$(hierarchy cpu)/$group/cpu.shares"
  write_containerd "$folder"
  write_kubelet "$folder" "$address" "$(free_port)"
  PATH="$packages/bin:$PATH" LD_LIBRARY_PATH="$packages/bin" "$packages/bin/containerd" --config "$folder/containerd.toml" \
    >"$folder/containerd.log" 2>&1 &
  local containerd=$! kubelet
  for _ in $(seq 300); do
    [ -S "$folder/containerd.sock" ] && ctr_of "$number" version >/dev/null 2>&1 && break
    kill -0 "$containerd" 2>/dev/null || fail "containerd does not start; see $folder/containerd.log"
    sleep 0.1
  done
  import_into "$number" "$data/pause.tar"
  "$kubernetes/kubelet" --kubeconfig "$kubeconfig" --config "$folder/kubelet.yaml" --cert-dir "$folder/certificates" \
    --container-runtime remote --container-runtime-endpoint "unix://$folder/containerd.sock" --hostname-override "node-$number" \
    --node-ip "$address" --node-labels "topology.kubernetes.io/zone=$zone,topology.kubernetes.io/region=here" \
    >"$folder/kubelet.log" 2>&1 &
  kubelet=$!
  touch "$folder/ready"
  wait -n "$containerd" "$kubelet" || true
  fail "containerd or the kubelet of node-$number has ended; see $folder/*.log"
}

ctr_of() { # number of the node, arguments
  local address="$data/node-$1/containerd.sock"
  shift
  "$packages/bin/ctr" --address "$address" --namespace k8s.io "$@"
}

import_into() { # number of the node, archive
  ctr_of "$1" images import --all-platforms "$2" >>"$data/node-$1/import.log" 2>&1 || fail "node-$1 does not take $2; see $data/node-$1/import.log"
}

import() {
  [ ${#files[@]} -gt 0 ] || fail "import needs the archives"
  running >/dev/null || fail "$data: no nodes run"
  local folder importing=()
  for folder in "$data"/node-*; do
    (for file in "${files[@]}"; do import_into "${folder##*-}" "$file"; done) &
    importing+=($!)
  done
  for process in "${importing[@]}"; do wait "$process"; done
}

# The container that holds a pod's network: it does nothing until it is killed.
write_pause() {
  local work="$data/pause" layer config manifest
  mkdir -p "$work/root/bin" "$work/oci/blobs/sha256"
  cp "$packages/bin/busybox" "$work/root/bin/sleep"
  layer="$(tar -C "$work/root" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf - . | blob)"
  config="$(blob <<<'{"architecture":"amd64","os":"linux","config":{"Entrypoint":["/bin/sleep","infinity"]},
    "rootfs":{"type":"layers","diff_ids":["sha256:'"${layer% *}"'"]}}')"
  manifest="$(blob <<<'{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
    "config":{"mediaType":"application/vnd.oci.image.config.v1+json",'"$(descriptor "$config")"'},
    "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar",'"$(descriptor "$layer")"'}]}')"
  echo '{"imageLayoutVersion":"1.0.0"}' >"$work/oci/oci-layout"
  echo '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json",'"$(descriptor "$manifest")"',
    "annotations":{"io.containerd.image.name":"docker.io/tidekeeper/pause:1"}}]}' >"$work/oci/index.json"
  tar -C "$work/oci" -cf "$data/pause.tar" .
  rm -rf "$work"
}

blob() { # keeps what it reads; prints digest and size
  local file="$work/oci/new" digest
  cat >"$file"
  digest="$(sha256sum "$file" | cut -d' ' -f1)"
  echo "$digest $(stat -c %s "$file")"
  mv "$file" "$work/oci/blobs/sha256/$digest"
}

descriptor() { echo "\"digest\":\"sha256:${1% *}\",\"size\":${1#* }"; }

# ---- all nodes

make_network() {
  ip link show "$bridge" >/dev/null 2>&1 && fail "the network interface $bridge exists: other nodes run on this machine; there can be one set of them"
  [ -z "$(ip route show table local "$services")" ] || fail "a local route for $services exists: something else serves these addresses"
  # An address of its own: else it takes that of one of its ports, another one when that goes, and pods send to the former for a while.
  ip link add "$bridge" address 02:74:69:64:65:01 type bridge
  ip addr add "$gateway/16" dev "$bridge"
  for n in $(seq "$nodes"); do ip addr add "10.244.255.$n/32" dev "$bridge"; done
  ip link set "$bridge" up
  # Every address of a Service is this machine's own: who listens there answers, and no packet has to be rewritten.
  ip route add local "$services" dev lo
  mkdir -p "$data/cni"
  cat >"$data/cni/10-tidekeeper.conflist" <<CONFIG
{"cniVersion": "0.4.0", "name": "tidekeeper", "plugins": [{
  "type": "bridge", "bridge": "$bridge", "isDefaultGateway": true,
  "ipam": {"type": "host-local", "dataDir": "$data/addresses",
    "ranges": [[{"subnet": "10.244.0.0/16", "rangeStart": "10.244.1.1", "rangeEnd": "10.244.254.254", "gateway": "$gateway"}]]}}]}
CONFIG
  touch "$data/resolv.conf" # outside of the cluster there is nothing to ask
}

supervise() {
  children=() # not local: the trap runs after this function as well
  trap 'exit 0' TERM INT
  trap 'kill -KILL "${children[@]}" 2>/dev/null; wait; sweep' EXIT
  for n in $(seq "$nodes"); do
    mkdir -p "$data/node-$n/var"
    setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child=KILL --mount-proc \
      bash "$self" node --data "$data" --kubeconfig "$kubeconfig" --number "$n" >"$data/node-$n/node.log" 2>&1 &
    children+=($!)
  done
  for n in $(seq "$nodes"); do
    until [ -f "$data/node-$n/ready" ]; do
      kill -0 "${children[n - 1]}" 2>/dev/null || fail "node-$n does not start: $(tail -3 "$data/node-$n/node.log")"
      sleep 0.1
    done
  done
  touch "$data/ready"
  while [ "$owner" = 0 ] || kill -0 "$owner" 2>/dev/null; do
    for child in "${children[@]}"; do kill -0 "$child" 2>/dev/null || fail "process $child ended; see $data/node-*/*.log"; done
    sleep 0.5
  done
}

# What outlives the processes: cgroups, the network, and what the kubelets wrote into the kernel.
sweep() {
  for hierarchy in $(hierarchies); do
    [ -d "$hierarchy/$group" ] || continue
    for _ in $(seq 50); do # the kernel lets go of the last process a moment after its end
      find "$hierarchy/$group" -depth -type d -exec rmdir {} + 2>/dev/null && break
      sleep 0.1
    done
  done
  ip link delete "$bridge" 2>/dev/null || true
  ip route delete local "$services" dev lo 2>/dev/null || true
  for name in "${kernel[@]}"; do
    [ ! -f "$data/kernel/${name//\//.}" ] || cat "$data/kernel/${name//\//.}" >"/proc/sys/$name" || true
  done
}

up() {
  case "$data/" in /run/* | /var/*) fail "--data $data: it must not be below /run or /var, which each node has for itself" ;; esac
  [ -f "$kubeconfig" ] || fail "--kubeconfig FILE is needed: of the cluster whose nodes these are"
  [[ "$nodes" =~ ^[1-9]$ ]] || fail "--nodes $nodes: give a number from 1 to 9"
  can
  running >/dev/null && fail "$data: already runs; end it with '$0 down --data $data'"
  get
  rm -rf "$data"
  mkdir -p "$data/kernel"
  for name in "${kernel[@]}"; do [ ! -f "/proc/sys/$name" ] || cat "/proc/sys/$name" >"$data/kernel/${name//\//.}"; done
  make_network
  write_pause
  begin --kubeconfig "$kubeconfig" --nodes "$nodes"
}

down() {
  if ! end && [ -d "$data/kernel" ]; then
    sweep # whoever supervised was killed
  fi
  rm -rf "$data"
}

status() {
  running >/dev/null || { echo "$data: no nodes run"; exit 1; }
  echo "$data: $("$kubernetes/kubelet" --version), $("$packages/bin/containerd" --version | cut -d' ' -f1,3); process $(running)"
  for folder in "$data"/node-*; do echo "${folder##*/}: $(ctr_of "${folder##*-}" containers list -q | wc -l) containers; logs: $folder/*.log"; done
}

verb="${1:-help}" files=()
[ $# = 0 ] || shift
while [ $# -gt 0 ]; do
  case "$1" in
    --data) data="${2:?--data needs a folder}"; shift 2 ;;
    --owner) owner="${2:?--owner needs a process id}"; shift 2 ;;
    --kubeconfig) kubeconfig="${2:?--kubeconfig needs a file}"; shift 2 ;;
    --nodes) nodes="${2:?--nodes needs a number}"; shift 2 ;;
    --number) number="${2:?--number needs a number}"; shift 2 ;;
    -*) fail "unknown option '$1'; known: --data DIR, --owner PID, --kubeconfig FILE, --nodes N" ;;
    *) files+=("$1"); shift ;;
  esac
done
data="$(realpath -m "$data")"
[ -z "$kubeconfig" ] || kubeconfig="$(realpath -m "$kubeconfig")"
case "$verb" in
  get | can | up | import | down | status | supervise | node) "$verb" ;;
  help | --help | -h) help ;;
  *) fail "unknown verb '$verb'; known: get, can, up, import, status, down" ;;
esac
