"""Rules of the preflight checks, apart from Ansible so that they can be tested alone."""
