SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Finds or fetches Node, Go and the packages, and prints the PATH on which they are.
prepare = paths=$$(sandbox/bootstrap); eval "$$paths"
sandbox = $(prepare); node --import tsx sandbox/main.ts

.PHONY: help up docs down clean docker ingress metrics dns images env test soak bench

help: ## what the targets do
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## / - /; s/^/make /; s/[$$]{2}/$$/g'

up: ## start the sandbox, deploy the site to it, and print its URL
	@$(sandbox) up

docs: ## start the sandbox, deploy the documentation's site to it, and print its URL
	@$(sandbox) docs

down: ## stop what the sandbox runs; keep what it stored
	@$(sandbox) down

clean: ## stop the sandbox, delete what it stored and the caches: the next `make up` takes about twenty minutes
	@$(sandbox) clean

docker: ## a Docker engine in the sandbox, for the `docker` of `make env`
	@$(sandbox) docker

ingress: ## an Ingress controller (Traefik) in the sandbox, for stacks with a `host`
	@$(sandbox) ingress

metrics: ## metrics-server in the sandbox, for stacks with `autoscaling`
	@$(sandbox) metrics

dns: ## CoreDNS as the cluster's DNS server, until `make down`
	@$(sandbox) dns

images: ## equivalents of further official images: make images NAMES="node:18 nginx:alpine"
	@$(sandbox) images $(NAMES)

env: ## print lines for a shell that is to work on the sandbox: eval "$$(make -s env)"
	@$(sandbox) env

test: ## the gate: format, lint, types, imports, unused exports, unit, contract and end-to-end tests
	@$(prepare); node --import tsx test/gate.ts

soak: ## the long tests
	@$(prepare); node --import tsx test/gate.ts --soak

bench: ## measurements, as ratios within one run
	@$(prepare); node --import tsx bench/bench.ts
