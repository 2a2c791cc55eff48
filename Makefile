# Weir: `make run` and `make test` are all that one needs to know.

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c

# A JDK of at least 21, whatever the default java is.
JDK = $(shell .ci/find-jdk)
MVN = JAVA_HOME="$(JDK)" mvn -B

# Maven's transfer log, shortened to what was fetched, and without what a recent JDK warns Maven itself of.
PROGRESS = sed -u -E '/^Progress|Downloading from/d; /WARNING: .*(sun.misc.Unsafe|AbstractFuture)/d; s,^(\[INFO\] )?Downloaded from [^ ]* .*/([^/ ]+) \(.*,  fetched \2,'

.PHONY: run test test-sdks test-native build native cache loadtest loadtest-full vendors micro overspend start memory \
	clean jdk

# Builds, then starts Weir with an example weir.yaml and a simulated provider; Ctrl-C ends both.
run: build
	@echo "recording what the virtual machine learns at a start"
	@JAVA_HOME="$(JDK)" native/cache >/dev/null 2>&1 || echo "no cache could be made; \`make cache\` says why"
	@JAVA_HOME="$(JDK)" loadtest/demo/run

# Compiles with all checks and runs every test, with a real Redis; needs no Docker.
test: jdk
	@$(MVN) verify 2>&1 | $(PROGRESS)

# Every vendor's official SDKs against simulated vendors; installs some more of PyPI.
test-sdks: jdk
	@$(MVN) test -Dsdks=all -Dtest='*Sdk*' 2>&1 | $(PROGRESS)

# The program, as quickly as possible: no checks, no tests.
build: jdk
	@echo "building with the JDK in $(JDK)"
	@$(MVN) package -DskipChecks -Dmaven.test.skip=true 2>&1 | $(PROGRESS)

# The program, and the cache with which it starts quickly: JDK 25's AOT cache, class-data sharing below.
cache: build
	@JAVA_HOME="$(JDK)" native/cache

# The native executable, target/weir-0.1.0-runner.
native: jdk
	@[ -x "$$GRAALVM_HOME/bin/native-image" ] || { echo "Set GRAALVM_HOME to a GraalVM 25 or Mandrel 25 with native-image." >&2; exit 1; }
	@$(MVN) package -Pnative -DskipChecks -Dmaven.test.skip=true 2>&1 | $(PROGRESS)

# The process tests with the native executable as the program, where GRAALVM_HOME has a builder. (The demo and the
# cache are the virtual machine's.)
test-native: jdk
	@if [ -x "$$GRAALVM_HOME/bin/native-image" ]; then \
		$(MAKE) native && $(MVN) test-compile failsafe:integration-test failsafe:verify -DskipChecks \
			-Dweir.program="$$(ls $(CURDIR)/target/weir-*-runner)" -Dit.test='!DemoIT,!CacheIT' 2>&1 | $(PROGRESS); \
	else echo "native tests: skipped, GRAALVM_HOME has no native-image"; fi

# Weir beside the floors of its runtime and its peers; some 30 minutes, best on a machine that does nothing else.
loadtest: cache
	@JAVA_HOME="$(JDK)" loadtest/run

# The same with every scenario that there is; an hour and a half.
loadtest-full: cache
	@JAVA_HOME="$(JDK)" loadtest/run --full

# What Weir adds to each vendor's calls, beside OpenAI's; some 15 minutes.
vendors: cache
	@JAVA_HOME="$(JDK)" loadtest/vendors

# How far a budget is overspent, and how much of it can be used; some three minutes.
overspend: build
	@JAVA_HOME="$(JDK)" loadtest/overspend

# How long Weir takes to its first answer, by the cache that it starts with; some two minutes.
start: build
	@JAVA_HOME="$(JDK)" loadtest/start

# What Weir takes of memory, what a call allocates, how long collections take; some five minutes.
memory: cache
	@JAVA_HOME="$(JDK)" loadtest/memory

# Nanoseconds and bytes allocated by each step of a call, by JMH; some seven minutes.
micro: jdk
	@JAVA_HOME="$(JDK)" loadtest/micro/run

clean:
	rm -rf target

jdk:
	@.ci/find-jdk >/dev/null
	@command -v mvn >/dev/null || { echo "Weir needs Maven 3.8 or later (Debian: apt-get install maven)." >&2; exit 1; }
