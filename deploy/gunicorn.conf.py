"""How gunicorn serves the desk in production; deploy/entrypoint names this file."""

import os

bind = "0.0.0.0:8000"  # inside the container; the compose file opens it on the host's loopback only
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = 8
timeout = 60
graceful_timeout = 20
keepalive = 5
# A process that grew is replaced now and then, not all at the same moment.
max_requests = 5_000
max_requests_jitter = 500
worker_tmp_dir = "/dev/shm"  # the heartbeat file must not wait for a disk
limit_request_line = 8_190
limit_request_field_size = 8_190
control_socket_disable = True
