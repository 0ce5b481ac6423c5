"""Floyd's own commands, one module each: `python manage.py floyd NAME`."""
