"""The report of playbooks/verify.yml: its history of runs and its page."""
