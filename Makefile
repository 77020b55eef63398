# Short names for the commands of the build; every target is one or two of them.

SHELL := /bin/sh
.DEFAULT_GOAL := help

MVN ?= mvn -B -ntp
IMAGE ?= minikv:latest
COMPOSE ?= docker compose

# The formatter runs inside Maven's own Java, which has to be a 25 for it.
WITH_JDK = JAVA_HOME="$$(sh app/src/main/dist/bin/find-java --jdk)" && export JAVA_HOME &&

.PHONY: help build test run server fmt lint docker docker-up docker-down clean ci pre-commit

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## compile and assemble app/target/minikv, without tests
	$(MVN) -Dmaven.test.skip=true -pl app -am package

test: ## compile everything and run every test but the long ones
	$(MVN) verify

run: ## open the shell on ./data
	./minikv

server: ## serve ./data on http://127.0.0.1:9002
	./minikv serve

fmt: ## format all Java sources
	$(WITH_JDK) $(MVN) spotless:apply

lint: ## check the format, and compile everything with Error Prone and NullAway
	$(WITH_JDK) $(MVN) spotless:check test-compile

docker: ## build the container image
	docker build --tag $(IMAGE) .

docker-up: ## start three stores on ports 9001 to 9003 of this machine
	$(COMPOSE) up --build --detach --wait

docker-down: ## stop them; their volumes stay
	$(COMPOSE) down

clean: ## remove all that was built; data stays
	$(MVN) clean

ci: ## all that a commit has to pass, the long tests too
	.ci/run

pre-commit: fmt test ## format, then compile, check and test
