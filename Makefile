# The short way round. Everything real is in meson.build and tools/.
export LC_ALL = C.UTF-8
BUILD ?= build
SECONDS ?= 60
PACE ?= 100

all: build
deps: ; @tools/deps build
deps-test: ; @tools/deps build test
deps-check: ; @tools/deps build test check
build: deps $(BUILD)/build.ninja
	@ninja -C $(BUILD)
$(BUILD)/build.ninja:
	meson setup $(BUILD)
demo: build
	$(BUILD)/comity demo --pace $(PACE)
test: deps-test build
	@tools/test $(BUILD)
bench: build
	bench/run $(BUILD)
check: deps-check build
	tools/check
sim: build
	$(BUILD)/tests/sim/sim --from $(or $(SEED),1) --seconds $(SECONDS)
install: build
	meson install -C $(BUILD)
clean:
	rm -rf $(BUILD) build-*

.PHONY: all deps deps-test deps-check build demo test bench check sim install clean
