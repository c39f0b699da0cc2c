# Sourced by the scripts of jobs: one step of a job, which GitLab's log shows with its duration and folds at a click.
#
#   slipway_section <name> <title> <command> [argument...]
#
# Ends as the command does. Outside of GitLab it only runs the command.
# https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections
slipway_section() {
  local name=$1 title=$2 status=0
  shift 2
  if [[ ${GITLAB_CI:-} != true ]]; then
    "$@"
    return
  fi
  printf '\e[0Ksection_start:%s:%s\r\e[0K%s\n' "$(date +%s)" "$name" "$title"
  "$@" || status=$?
  printf '\e[0Ksection_end:%s:%s\r\e[0K\n' "$(date +%s)" "$name"
  return "$status"
}
