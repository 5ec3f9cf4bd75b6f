# Sourced by eng/control-plane.sh and eng/node.sh. What they start lives in $data under a supervisor: the script itself with the verb
# `supervise`, in a session of its own. $data/process is its process id; $data/ready says that all that it started serves.
say() { echo "$(basename "$self" .sh): $*" >&2; }
fail() { say "$*"; exit 1; }

running() { # the supervisor, if it is one
  local process
  process="$(cat "$data/process" 2>/dev/null)" || return
  grep -qsF "supervise" "/proc/$process/cmdline" && grep -qsF -- "$data" "/proc/$process/cmdline" && echo "$process"
}

begin() { # options of the supervisor; returns when it is ready
  setsid bash "$self" supervise --data "$data" --owner "$owner" "$@" </dev/null >"$data/supervisor.log" 2>&1 &
  echo $! >"$data/process"
  await_ready
}

await_ready() {
  until [ -f "$data/ready" ]; do
    kill -0 "$(cat "$data/process")" 2>/dev/null || fail "it does not start: $(cat "$data/supervisor.log")"
    sleep 0.1
  done
}

end() { # false when there was none
  local process
  process="$(running)" || return
  kill "$process"
  while kill -0 "$process" 2>/dev/null; do sleep 0.1; done
}

free_port() { # of those that no system gives to outgoing connections
  local port
  while :; do
    port=$((20000 + RANDOM % 10000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}
