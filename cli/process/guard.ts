import { type ChildProcess, spawn } from "node:child_process";

/** Seconds that Pulumi gets to exit before it is killed. A create that has begun may still finish. */
const graceSeconds = 10;

/**
 * Runs beside this process, in a session of its own. It reads `+ <session>` and `- <session>`; when its input
 * ends, because this process has ended for any reason, it ends the remaining sessions.
 *
 * It is a shell script because nothing else starts fast enough, and it needs no program but the shell: slim
 * images have no `ps`. Systems without `/proc` get less: the process group of Pulumi ends, and each plugin ends
 * when it notices that Pulumi is gone.
 */
const script = `
sessions=" "
while read -r sign id; do
  case $sign in
    +) sessions="$sessions$id " ;;
    -) case $sessions in *" $id "*) sessions="\${sessions%% $id *} \${sessions#* $id }" ;; esac ;;
  esac
done
list() {
  for file in /proc/[0-9]*/stat; do
    line=
    { read -r line < "$file"; } 2>/dev/null
    rest=\${line##*) }
    set -- $rest
    [ "$1" = Z ] && continue
    case $sessions in *" $4 "*) echo "\${line%% *}" ;; esac
  done
}
[ "$sessions" = " " ] && exit
for id in $sessions; do kill -TERM "$id" 2>/dev/null; done
seconds=0
while [ "$seconds" -lt "$1" ] && [ -n "$(list)" ]; do
  sleep 1
  seconds=$((seconds + 1))
done
for id in $sessions; do kill -KILL "-$id" 2>/dev/null; done
for pid in $(list); do kill -KILL "$pid" 2>/dev/null; done
`;

let guard: ChildProcess | undefined;

/** Makes sure that a session ends with this process, even if this process is killed. */
export function guardSession(session: number): void {
  guard ??= startGuard();
  guard.stdin?.write(`+ ${session}\n`);
}

/** Stops guarding a session that has ended, since its id may be used again. */
export function releaseSession(session: number): void {
  guard?.stdin?.write(`- ${session}\n`);
}

function startGuard(): ChildProcess {
  const child = spawn("/bin/sh", ["-c", script, "slipway-guard", String(graceSeconds)], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Without a shell there is no guard, and no failure either.
  child.on("error", () => undefined);
  child.stdin.on("error", () => undefined);
  // It must not keep this process from ending.
  child.unref();
  (child.stdin as typeof child.stdin & { unref?(): void }).unref?.();
  return child;
}
