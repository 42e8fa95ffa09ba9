# Two commands do everything: make demo, make test. Both install what they need.
SHELL := /bin/bash
GO ?= go
BIN := bin/varde
# One static binary: no C library is needed where it runs.
BUILD := CGO_ENABLED=0 $(GO) build -trimpath -ldflags="-s -w"

.PHONY: demo build test lint generate cover bench vuln fuzz clean tools

demo: build ## build and run the demo: four simulated sites, crawled, scored, linked and shown
	$(BIN) demo

build: ## build bin/varde
	$(BUILD) -o $(BIN) ./cmd/varde

# What only computes, many times slower under the race detector. The tests of cmd/varde run all of it there, in several goroutines at once.
COMPUTING := $(addprefix varde/,detectors internal/export internal/extract internal/indicator internal/lexicon internal/neartext internal/network internal/phone internal/picture \
	internal/sim internal/text internal/tune)

# The race detector without what the compiler adds of itself, checks of unsafe pointers: Varde has none, and in SQLite and Pebble they take a tenth of the time.
RACE := -race -gcflags=all=-d=checkptr=0

test: tools lint ## format, vet, staticcheck, and every test, the browser's included; with the race detector where goroutines meet
	$(GO) test $(RACE) -shuffle=on -timeout 20m $(filter-out $(COMPUTING),$(shell $(GO) list ./...))
	$(GO) test -shuffle=on -timeout 20m $(COMPUTING)

# With the flags of the tests, so that a new machine compiles everything once and not twice.
lint: ## format check, vet, staticcheck
	@bad=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$bad" ]; then echo "not formatted, run gofmt -w:"; echo "$$bad"; exit 1; fi
	$(GO) vet $(RACE) ./...
	@tool="$$($(GO) tool -n staticcheck)"; echo staticcheck ./...; GOFLAGS="$(RACE)" "$$tool" ./...

generate: ## docs/indicators.md from the catalogue
	@$(GO) run ./cmd/varde indicators --markdown > docs/indicators.md.new && mv docs/indicators.md.new docs/indicators.md

cover: tools ## coverage of all packages, as cover.out and a total
	$(GO) test -timeout 20m -coverpkg=./... -coverprofile=cover.out ./...
	$(GO) tool cover -func=cover.out | tail -1

bench: tools ## the figures of docs/performance.md; Scrapy is installed to be compared with
	@/usr/bin/python3 -c 'import scrapy' 2>/dev/null || { echo "installing python3-scrapy"; as=""; [ "$$(id -u)" = 0 ] || as=sudo; \
	  $$as apt-get update -qq && $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-scrapy >/dev/null; }
	$(GO) test -run '^$$' -bench . -benchmem -timeout 60m ./...

fuzz: ## each fuzzer for FUZZTIME (default 30s)
	@for p in $$(grep -rl --include='*_test.go' 'func Fuzz' . | xargs -n1 dirname | sort -u); do \
	  for f in $$(grep -ho 'func Fuzz[A-Za-z0-9]*' $$p/*_test.go | cut -c6-); do \
	    echo "== $$p $$f"; $(GO) test -run '^$$' -fuzz "^$$f\$$" -fuzztime $${FUZZTIME:-30s} $$p || exit 1; done; done

vuln: ## known vulnerabilities in what is used (needs the vulnerability database)
	$(GO) run golang.org/x/vuln/cmd/govulncheck@v1.9.0 ./...

tools: ## install what the tests drive, from Debian's packages, and readers of WARC files and of exports from elsewhere, where it is missing
	@need=""; command -v chromium >/dev/null || need="$$need chromium"; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need="$$need postgresql"; \
	command -v npm >/dev/null || need="$$need nodejs npm"; \
	/usr/bin/python3 -c 'import networkx' 2>/dev/null || need="$$need python3-networkx"; \
	command -v xmllint >/dev/null || need="$$need libxml2-utils"; \
	if [ -n "$$need" ]; then echo "installing$$need"; \
	  as=""; [ "$$(id -u)" = 0 ] || as=sudo; $$as apt-get update -qq && $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$need >/dev/null; fi
	@cd internal/evidence/testdata/warcio && { [ node_modules/.package-lock.json -nt package-lock.json ] || \
	  { echo "installing warcio, a reader of WARC files"; npm ci --ignore-scripts --no-audit --no-fund --silent; }; }
	@$(GO) -C internal/evidence/testdata/gowarc mod download
	@cd internal/export/testdata/foreign && { [ node_modules/.package-lock.json -nt package-lock.json ] || \
	  { echo "installing readers of exports"; npm ci --ignore-scripts --no-audit --no-fund --silent; }; }
	@$(GO) -C internal/export/testdata/gostix mod download

clean: ## remove what was built; data folders stay
	rm -rf bin cover.out
