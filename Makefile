# `make` alone lists the commands. PYTHON=python3.12 chooses another Python.
PYTHON ?= python3
TOOL = @$(PYTHON) -B -m tools

.DEFAULT_GOAL := help
.PHONY: help setup demo run stop shell try untry test test-fast soak mutate test-odoo test-core lint format \
	i18n wheel screenshots bench clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

setup: ## Install Odoo, Python packages, PostgreSQL and Chromium into .dev where missing
	$(TOOL) setup

demo: ## Start Odoo with demo data and a filled OLAP database (FRESH=1: begin anew)
	$(TOOL) demo

run: ## Run the demo in the foreground, views read from the files
	$(TOOL) run

stop: ## Stop Odoo and PostgreSQL
	$(TOOL) stop

shell: ## Python prompt on the demo database, with `env`
	$(TOOL) shell

try: ## Start a copy of the demo: NAME=anna PORT=8070, server and OLAP database its own
	$(TOOL) try

untry: ## End the copy with this NAME and remove its databases
	$(TOOL) untry

test: ## Test everything (ALL=1: with all cases; K=expression or ARGS="-x path" choose tests)
	$(TOOL) test $(if $(K),-k '$(K)') $(ARGS)

test-fast: ## Test the repository itself, without Odoo and database, in a second
	$(TOOL) test-fast

soak: ## Repeat the faults of the export and count: ROUNDS=3 or SECONDS=600, SEED=1
	$(TOOL) soak $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(SECONDS),--seconds $(SECONDS)) \
		$(if $(SEED),--seed $(SEED)) $(ARGS)

mutate: ## Change every rule, access line and groups= in turn: does a test notice? (ARGS="--model crm.stage")
	$(TOOL) mutate $(ARGS)

test-odoo: ## Test both addons with Odoo's own runner, as they get installed
	$(TOOL) test-odoo

test-core: ## Compare core's own tests with and without the addons
	$(TOOL) test-core

lint: ## Check style and mistakes
	$(TOOL) lint

format: ## Format Python, XML and JavaScript
	$(TOOL) format

i18n: ## Export the terms and merge them into the translations
	$(TOOL) i18n

wheel: ## Build one wheel of all addons into dist
	$(TOOL) wheel

screenshots: ## Write docs/images anew
	$(TOOL) screenshots

bench: ## Run the benchmarks
	$(TOOL) bench

clean: ## Remove databases and built files (ALL=1: Odoo and packages too)
	$(TOOL) clean
