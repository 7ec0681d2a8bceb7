#!/bin/sh
# Applies the plan with this id in the cluster, or nothing: sh apply.sh ID
set -eu
here=$(dirname "$0")
. "$here/run.sh"
code=0
job "$here/apply-job.yaml" "PLAN_ID=$1" || code=$?
cat "$log"
exit "$code"
