#!/bin/sh
# Runs the plan in the cluster; its Markdown goes to stdout. Ends as the plan does: 0, or 1 when there is none or it is refused.
set -eu
here=$(dirname "$0")
. "$here/run.sh"
code=0
job "$here/plan-job.yaml" || code=$?
# The log has stderr too: without a plan there is to be no stdout, so that the comment says so.
sed -n '/^<!-- orch-sync plan /,$p' "$log"
sed '/^<!-- orch-sync plan /,$d' "$log" >&2
exit "$code"
