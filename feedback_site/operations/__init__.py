"""What operators see of a running site: which part is down, figures for Prometheus, logs with ids."""
