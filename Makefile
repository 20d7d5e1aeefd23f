# The short way in. Everything else: ninja -C build, meson test -C build, tools/check.
BUILD ?= build
SECONDS ?= 60
PACE ?= 100

.PHONY: demo test build deps bench check sim install clean

demo: build
	$(BUILD)/comity demo --pace $(PACE)

test: build
	@meson test -C $(BUILD) --no-rebuild --print-errorlogs || true
	@/usr/bin/python3 tools/count $(BUILD)/meson-logs/testlog.json

build: deps
	@test -f $(BUILD)/build.ninja || meson setup $(BUILD) >/dev/null
	@ninja -C $(BUILD) --quiet

deps:
	@tools/deps

bench: build
	@bench/run

check: build
	@tools/check

sim: build
	$(BUILD)/tests/sim/sim --seconds $(SECONDS)

install: build
	meson install -C $(BUILD)

clean:
	rm -rf $(BUILD)
