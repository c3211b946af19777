# treec: `make demo` shows it at work, `make test` passes its tests.

SWIFT ?= swift
# The debug build is over 100 times slower; tests run optimised too.
RELEASE = -c release
TESTABLE = $(RELEASE) -Xswiftc -enable-testing
TREEC = .build/release/treec
LIVE_MINUTES ?= 4

.PHONY: all demo test live browser benchmark benchmark-serve docs format lint system-packages

all: system-packages
	$(SWIFT) build $(RELEASE) --product treec

demo: all
	scripts/demo.sh $(TREEC)

test: system-packages
	$(SWIFT) build --build-tests $(TESTABLE)
	$(SWIFT) test --skip-build $(TESTABLE)
	scripts/test-consumer.sh

# Compares with the real libraries, on random models; needs Python.
live: all
	scripts/live-venv.sh
	.venv-live/bin/python Tests/Live/lightgbm_live.py --treec $(TREEC) --minutes $(LIVE_MINUTES)

# Looks at the reports of `treec inspect` in a headless browser; the pictures go to
# .build/screenshots.
browser: all
	scripts/install-system-packages.sh chromium graphviz
	python3 Tests/Browser/report_test.py --treec $(TREEC)

# Measures; the tables go to docs/benchmarks.
benchmark: all
	scripts/live-venv.sh
	.venv-live/bin/python Benchmarks/convert.py --treec $(TREEC)

# Measures the server under load, beside others where they can be installed; needs wrk.
benchmark-serve: all
	Benchmarks/serve/peers.sh
	Benchmarks/serve/run.py --treec $(TREEC)

docs:
	scripts/docs.sh

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

system-packages:
	scripts/install-system-packages.sh
