# treec: `make demo` shows it at work, `make test` passes its tests.

SWIFT ?= swift
# The debug build is over 100 times slower; tests run optimised too.
RELEASE = -c release
# In a folder of their own, because builds with other flags would take turns in one.
TESTABLE = $(RELEASE) -Xswiftc -enable-testing --scratch-path .build-test
TREEC = .build/release/treec
LIVE_MINUTES ?= 3
SERVE_MINUTES ?= 2
SOAK_SECONDS ?= 30
SOAK = Tests/Soak/soak.py --model fixtures/mlflow/lgb_nosig/model.lgb --seconds $(SOAK_SECONDS)

.PHONY: all demo test test-corpus live browser soak soak-tsan docs format lint system-packages
.PHONY: benchmark benchmark-pmml benchmark-report benchmark-compare benchmark-predict benchmark-serve
.PHONY: check-kernels check-portable check-arm64 test-tsan

all: system-packages
	$(SWIFT) build $(RELEASE) --product treec

demo: all
	scripts/demo.sh $(TREEC)

test: system-packages
	$(SWIFT) build --build-tests $(TESTABLE)
	$(SWIFT) test --skip-build $(TESTABLE)
	TREEC="$(CURDIR)/.build-test/release/treec" scripts/test-consumer.sh

# Compares with JPMML's answers over folders of PMML models, and of such folders:
# make test-corpus DIR="FOLDER …" KNOWN=FILE, where KNOWN may list differences that are known.
DIR ?= fixtures/pmml/models
test-corpus: all
	Tests/Corpus/pmml_corpus.py --treec $(TREEC) $(if $(KNOWN),--known $(KNOWN)) $(DIR)

# Looks at the object code of the kernels: what the linker might confuse, instructions, calls.
check-kernels: all
	scripts/check-kernels.sh --self-test
	scripts/check-kernels.sh .build/release

# Builds the libraries as for other processors than x86-64, and the kernels for arm64.
check-portable: system-packages
	scripts/check-portable.sh

# Compiles all of the libraries for arm64 Linux; nothing is linked. Installs a cross compiler's
# headers.
check-arm64:
	scripts/check-arm64.sh

# Compares with the real libraries, on random models; needs Python, and installs Java.
live: all
	scripts/live-venv.sh
	.venv-live/bin/python Tests/Live/lightgbm_live.py --treec $(TREEC) --minutes $(LIVE_MINUTES)
	.venv-live/bin/python Tests/Live/xgboost_live.py --treec $(TREEC) --minutes $(LIVE_MINUTES)
	.venv-live/bin/python Tests/Live/catboost_live.py --treec $(TREEC) --minutes $(LIVE_MINUTES) \
	  $(CATBOOST_OPTIONS)
	.venv-live/bin/python Tests/Live/pmml_live.py --treec $(TREEC) --minutes $(LIVE_MINUTES) \
	  $(PMML_OPTIONS)
	.venv-live/bin/python Tests/Live/mlflow_live.py --treec $(TREEC) --minutes $(SERVE_MINUTES) \
	  $(SERVE_OPTIONS)

# Looks at the reports of `treec inspect` in a headless browser; the pictures go to
# .build/screenshots.
browser: all
	scripts/install-system-packages.sh chromium graphviz
	python3 Tests/Browser/report_test.py --treec $(TREEC)

# Sends the server requests of every kind, right and wrong, from many clients at once.
soak: all
	$(SOAK) --treec $(TREEC)

# The same for a server that the thread sanitizer watches.
soak-tsan: system-packages
	$(SWIFT) build --product treec --sanitize thread --scratch-path .build-tsan
	$(SOAK) --treec .build-tsan/debug/treec

# Measures treec beside other libraries; results, tables and charts go to docs/benchmarks. Makes an
# environment of its own; TL2cgen needs gcc or clang, JPMML-Evaluator Java with its compiler.
BENCHMARK_OPTIONS ?=
benchmark: all
	command -v javac >/dev/null || scripts/install-system-packages.sh default-jdk-headless
	Benchmarks/run.py --treec $(TREEC) $(BENCHMARK_OPTIONS)

# JPMML-Evaluator and pypmml in detail.
benchmark-pmml:
	$(MAKE) benchmark BENCHMARK_OPTIONS="--sections pmml $(BENCHMARK_OPTIONS)"

# Writes the tables and charts of what has been measured, and the README's figures.
benchmark-report:
	Benchmarks/run.py --report
	Benchmarks/readme.py --write

# Compares instructions and ratios with the committed baseline; --update writes it.
benchmark-compare: all
	command -v valgrind >/dev/null || scripts/install-system-packages.sh valgrind
	Benchmarks/compare.py --treec $(TREEC) $(COMPARE_OPTIONS)

# Measures `treec predict` from disk to disk, on a CSV of 1 GB.
PREDICT_OPTIONS ?= --forms
benchmark-predict: all
	scripts/live-venv.sh
	.venv-live/bin/python Benchmarks/predict.py --treec $(TREEC) $(PREDICT_OPTIONS)

# Threads that share a predictor, under the thread sanitizer; in the folder of `soak-tsan`.
test-tsan: system-packages
	$(SWIFT) build --build-tests --sanitize thread --scratch-path .build-tsan
	$(SWIFT) test --skip-build --sanitize thread --scratch-path .build-tsan \
	  --filter EngineConcurrencyTests

docs:
	scripts/docs.sh

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests
	Benchmarks/suite_test.py
	Benchmarks/readme.py --check

system-packages:
	scripts/install-system-packages.sh

# What `make install` copies to $(DESTDIR)$(PREFIX). It is made in a build folder of its own,
# because the static runtime takes other flags than the tests, and made only where a source is
# newer, so that `make install` as root needs no compiler after `make stage` as somebody else.
PREFIX ?= /usr/local
STAGE = .build-install/stage
MANUAL = share/man/man1/treec.1
BASH_COMPLETION = share/bash-completion/completions/treec
ZSH_COMPLETION = share/zsh/site-functions/_treec
FISH_COMPLETION = share/fish/vendor_completions.d/treec.fish
PAGES = $(MANUAL) $(BASH_COMPLETION) $(ZSH_COMPLETION) $(FISH_COMPLETION)
STAGED = $(STAGE)/bin/treec $(PAGES:%=$(STAGE)/%)

.PHONY: stage install uninstall test-install test-image

stage: $(STAGED)

install: $(STAGED)
	install -D -m 755 $(STAGE)/bin/treec "$(DESTDIR)$(PREFIX)/bin/treec"
	for page in $(PAGES); do \
	  install -D -m 644 $(STAGE)/$$page "$(DESTDIR)$(PREFIX)/$$page" || exit; \
	done

uninstall:
	for file in bin/treec $(PAGES); do rm -f "$(DESTDIR)$(PREFIX)/$$file" || exit; done

$(STAGE)/bin/treec: Package.swift $(shell find Sources)
	scripts/install-system-packages.sh
	$(SWIFT) build $(RELEASE) --product treec --scratch-path .build-install \
	  --static-swift-stdlib --disable-local-rpath -Xlinker -s
	install -D .build-install/release/treec $@

$(STAGE)/$(MANUAL): $(STAGE)/bin/treec scripts/manual.swift docs/manual.mdoc
	@mkdir -p $(@D)
	$< --experimental-dump-help >.build-install/help.json
	$(SWIFT) scripts/manual.swift .build-install/help.json docs/manual.mdoc \
	  "treec $$($< --version)" >$@

$(STAGE)/$(BASH_COMPLETION): SHELL_NAME = bash
$(STAGE)/$(ZSH_COMPLETION): SHELL_NAME = zsh
$(STAGE)/$(FISH_COMPLETION): SHELL_NAME = fish
$(STAGE)/$(BASH_COMPLETION) $(STAGE)/$(ZSH_COMPLETION) $(STAGE)/$(FISH_COMPLETION): \
  $(STAGE)/bin/treec
	@mkdir -p $(@D)
	$< --generate-completion-script $(SHELL_NAME) >$@

# A file whose recipe failed half way is no file.
.DELETE_ON_ERROR:

test-install: $(STAGED)
	Tests/Install/tools.sh
	.venv-install/bin/python -B -m unittest discover -s Tests/Install -p '*_test.py'

# Builds the Dockerfile with buildah, which needs no engine.
test-image:
	Tests/Install/build_image.sh

# Measures the server as it is installed under load, beside others where those can be
# installed; needs wrk.
benchmark-serve: $(STAGE)/bin/treec
	Benchmarks/serve/peers.sh
	Benchmarks/serve/run.py --treec $<
