"""The whole desk on one machine: `manage.py up` starts broker, web, worker and beat and ends them together."""
