# Each target sets up what it needs, then does its one job.
SHELL := /bin/bash
ENV ?= local
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# An environment with a vault: its password comes from a file, else the person is asked.
password_file = $(or $(VAULT_PASSWORD_FILE),$(if $(ANSIBLE_VAULT_PASSWORD_FILE),,$(wildcard .vault_password_$(ENV))))
ask = $(if $(ANSIBLE_VAULT_PASSWORD_FILE),,--ask-vault-password)
vault = $(if $(wildcard inventories/$(ENV)/group_vars/all/vault.yml),$(or $(addprefix --vault-password-file=,$(password_file)),$(ask)))
play = ansible-playbook -i inventories/$(ENV) $(vault)
proof = scripts/verify.sh $(play) playbooks/verify.yml
engine = docker --log-level error
deployment = label=io.flowlite.deployment=$(or $(PREFIX),flowlite)
SERVICE ?= mysql rabbitmq redis db-init
scenarios = $(notdir $(patsubst %/molecule.yml,%,$(wildcard molecule/*/molecule.yml)))

.PHONY: help setup up down status logs restart verify seed images secrets test test-slow test-vm lint unit molecule bench bench-10m lock docs unlink

help: ## List the targets
	@sed -nE 's/^([a-z0-9-]+):.*## (.*)/\1|\2/p' Makefile | column -t -s '|'

setup: ## Create .venv with all that the project needs
	@scripts/setup.sh

up: setup ## Bring the infrastructure up (ENV=local)
	@scripts/link_commands.sh
	@$(play) playbooks/site.yml

down: setup ## Remove containers and network, keep the data
	@$(play) playbooks/teardown.yml

status: ## Show the containers and their health
	@$(engine) ps --all --filter $(deployment) --format 'table {{.Names}}\t{{.Status}}\t{{.Ports}}\t{{.Image}}'

logs: ## Show logs (SERVICE=mysql, FOLLOW=1)
	@scripts/logs.sh $(SERVICE)

restart: ## Restart the servers
	@$(engine) restart $$($(engine) ps --quiet --filter $(deployment))

# make exits with 2 whenever a recipe fails; where its function can be built, `make verify` exits with the verdict's code.
ifneq ($(and $(filter verify,$(MAKECMDGOALS)),$(filter load,$(.FEATURES)),$(shell command -v cc)),)
-load .venv/exit_with.so
endif
.venv/exit_with.so: scripts/exit_with.c | setup
	@cc -shared -fPIC -o $@ $< 2>/dev/null || true

verify: setup ## Prove by logins that everything works (exits 0, 2 broken, 3 drift)
	@$(if $(and $(.LOADED),$(if $(findstring n,$(firstword -$(MAKEFLAGS))),,yes)),$(exit_with PATH='$(PATH)' $(proof)),$(proof))

seed: setup ## Load reference and demo data
	@$(play) playbooks/seed.yml

images: setup ## Pull or build the images only
	@$(play) playbooks/images.yml

secrets: setup ## Generate the secrets that an environment's vault lacks (ENV=production)
	@scripts/make_secrets.py $(ENV)

test: setup ## Lint, unit tests, Molecule scenarios
	@scripts/test.sh fast

test-slow: setup ## The other scenarios and platforms
	@scripts/test.sh slow

test-vm: setup ## The site on a virtual machine over SSH (SUITES="bookworm trixie", VM_BACKEND=package)
	@for suite in $(or $(SUITES),bookworm trixie); do scripts/vm.sh test $$suite || exit 1; done

lint: setup ## All linters
	@scripts/lint.sh

unit: setup images ## pytest
	@pytest

molecule: setup ## One scenario (SCENARIO=mysql)
	@molecule test --scenario-name $(or $(SCENARIO),default)

bench: setup ## Measure bring-up, loading and reading; results go to docs/performance*.md
	@cd benchmarks && python bring_up.py && python volume.py

bench-10m: setup ## Load 10,000,000 transactions and read; results go to docs/performance-volume.md
	@cd benchmarks && python volume.py --transactions 10000000

lock: setup ## Resolve requirements.in into requirements.txt
	@.venv/bin/python -m pip install --quiet uv
	@uv pip compile --universal --python-version 3.11 --no-header --no-annotate --upgrade --quiet \
	  --output-file requirements.txt requirements.in

docs: setup ## Generate the roles' README tables and the documentation of the schema
	@scripts/role_readmes.py
	@scripts/schema_docs.py

unlink: ## Take the commands off PATH that `make up` put there
	@scripts/link_commands.sh remove
