"""What machines ask: is it alive, is it ready, how is it doing. Probes, load balancers and Prometheus call these."""
