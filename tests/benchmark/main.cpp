// Runs whatever the contenders' files have added. The flags are Google Benchmark's.
#include <benchmark/benchmark.h>

BENCHMARK_MAIN();
