# Thin: every target names the command that does the work.
SHELL   := /bin/bash
VERSION := $(shell git describe --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -X main.version=$(VERSION)
ifeq ($(shell uname -s),Linux) # without the names of DuckDB's functions, which are for programs that load it: seven megabytes
LINK    := -extldflags "-Wl,--exclude-libs,ALL"
endif
WEB     := dashboard/web/dist/.built
PORT    ?= 8080

.PHONY: bench-report bench-serve help build demo test check realdata chromium clean bench-ingest bench-calc bench-difficulty validate-method validate-statement validate-fairness validate-allocation validate-report fuzz validate-close

build: $(WEB)                      ## bin/levelfield
	go build -ldflags '$(LDFLAGS) $(LINK)' -o bin/levelfield ./cmd/levelfield

$(WEB): dashboard/web/package.json dashboard/web/package-lock.json dashboard/web/build.mjs dashboard/web/screen.mjs dashboard/web/paper.mjs
	npm ci --prefix dashboard/web --no-audit --no-fund --loglevel=error
	npm run --silent --prefix dashboard/web build
	touch $@

demo: build                        ## the demo company, from exports to the dashboard; DEMO_FLAGS=--no-serve stops before serving
	bin/levelfield demo --dir demo $(DEMO_FLAGS)

test: $(WEB) chromium              ## every test, browser tests too
	go vet ./...
	go test -timeout 20m -p 3 ./dashboard/browser ./... # first the one that mostly waits

check: $(WEB)                      ## formatting, vet, tidy modules
	test -z "$$(gofmt -l .)"
	go vet ./...
	go mod tidy -diff

chromium:                          ## a Chromium and the PDF readers that tests use: found, or installed from Debian's packages
	@{ command -v chromium chromium-browser google-chrome && command -v pdftotext && command -v pdftoppm; } >/dev/null || \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk poppler-utils >/dev/null; } || \
	{ [ "$$CI" != true ] && echo '*** NO CHROMIUM OR NO PDFTOTEXT FOUND: the tests of pages in a browser and of PDF files will be SKIPPED. Install the packages chromium and poppler-utils and run make test again. ***'; }

realdata:                          ## public data sets: figure, expected, got
	go run ./cmd/realdata $(REALDATA_FLAGS)

bench-ingest:                      ## 5 million order lines into Parquet, beside DuckDB's COPY
	go run ./cmd/bench-ingest

bench-calc:                        ## full run, one more month, memory, growth
	go run ./cmd/bench-calc

bench-difficulty:                  ## market difficulty of 100,000 people and 60 months, beside one aggregation
	go run ./cmd/bench-difficulty

bench-report: $(WEB)               ## statements on paper: time, memory, beside Chromium printing the same HTML
	go run -ldflags '$(LINK)' ./cmd/bench-report $(BENCH_FLAGS)

bench-serve:                       ## pages cold and warm, 200 viewers, run swaps, bytes of a first visit; BENCH_FLAGS=-scale=0.1 for a try
	go run ./cmd/bench-serve $(BENCH_FLAGS)

validate-method:                   ## the difficulty method on generated companies of known truth, beside its targets
	go run ./cmd/validate-method

validate-fairness:                 ## the fairness review on generated companies: planted bias found, false alarms without bias
	go run ./cmd/validate-fairness $(VALIDATE_FLAGS)

validate-allocation:               ## the allocation method on generated companies of known responses, beside its targets
	go run ./cmd/validate-allocation $(ALLOCATION_FLAGS)

validate-report:                   ## the demo company's whole month, mailed once across a kill: glyphs, names, count
	LEVELFIELD_MONTH=full go test -count=1 -timeout 60m -run WholeMonth -v ./cmd/levelfield

validate-close:                    ## 24 month ends with late exports: does every ledger tie?
	go run ./cmd/validate-close

validate-statement:                ## every statement of a month, recalculated by LibreOffice from its exported rows
	go run ./cmd/validate-statement $(STATEMENT_FLAGS)

FUZZTIME ?= 20s
fuzz:                              ## every reader, FUZZTIME each
	@for p in $$(go list ./ingest/...); do for f in $$(go test -list '^Fuzz' $$p | grep ^Fuzz); do \
		echo "$$p $$f"; go test -run xxx -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$p || exit 1; done; done

help:                              ## this list
	@grep -hE "^[a-z-]+:.*##" Makefile | sed -E "s/:.*##/\t/" | expand -t 16

clean:
	rm -rf bin demo dashboard/web/dist/* dashboard/web/node_modules
