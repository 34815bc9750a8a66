#!/bin/sh
# Makes the topics on any Kafka, as Strimzi makes them from overlays/production/topics.yaml:
#   k8s/topics.sh BOOTSTRAP_SERVERS [CLIENT_PROPERTIES]
# BASES (flux.1-dev: ids of the models, with blanks between), PARTITIONS of their lanes (128: four times the largest
# fleet, and never changed later) and REPLICAS (3) may be set.
# Wants Kafka's own scripts on the PATH. Safe to run again.
set -eu
servers=${1:?BOOTSTRAP_SERVERS is missing, such as broker:9092}
config=${2:+--command-config $2}
bases=${BASES:-flux.1-dev}
partitions=${PARTITIONS:-128}
replicas=${REPLICAS:-3}
in_sync=$([ "$replicas" -gt 2 ] && echo 2 || echo 1)

command=kafka-topics.sh
command -v "$command" >/dev/null || { echo "topics.sh: $command is not on the PATH" >&2; exit 1; }

make() {
  # shellcheck disable=SC2086
  kafka-topics.sh --bootstrap-server "$servers" $config --create --if-not-exists --topic "$1" \
    --partitions "$2" --replication-factor "$replicas" \
    --config retention.ms="$3" --config min.insync.replicas="$in_sync" --config cleanup.policy=delete
}

for base in $bases; do
  make "polyptych.render.$base.interactive" "$partitions" 604800000
  make "polyptych.render.$base.batch" "$partitions" 604800000
done
# The inbox: jobs that backends produce themselves.
make polyptych.render.interactive 16 604800000
make polyptych.render.batch 16 604800000
make polyptych.render.dead 1 2592000000
