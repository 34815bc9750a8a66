/** Makes the Grafana dashboards from {@code k8s/dashboards.yaml}; everything else here is YAML. */
package dev.polyptych.k8s;
