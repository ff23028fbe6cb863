#!/usr/bin/env bash
# What needs a real graphics card: agreement of its engines, and the speed of a KTO step in TinyLlama's full shape, beside TRL where there is a Python for it.
#
#   test/bench/gpu-check.sh [FOLDER]            results go there; default: gpu-check
#   PROSPECT_BENCH_PYTHON=/path/to/python       with torch, transformers, peft and trl: TRL in float32 and bfloat16 on the same card
#   PROSPECT_GPU_LAYERS=22 PROSPECT_GPU_BATCH=16 PROSPECT_GPU_STEPS=3
#   PROSPECT_GPU_ONLY='machine engines'         these parts alone, by the names of their files
#
# Runs on Linux x64 in the root of a checkout that has its node_modules: Node and ONNX Runtime's library are in there, nothing is downloaded. A step that fails is
# noted in summary.txt, and the next is begun.
set -u
out=${1:-gpu-check}
layers=${PROSPECT_GPU_LAYERS:-22} batch=${PROSPECT_GPU_BATCH:-16} steps=${PROSPECT_GPU_STEPS:-3}
node=node_modules/.bin/node
mkdir -p "$out"
: > "$out/summary.txt"

attempt() { # name, command…
  local name=$1 began=$SECONDS result
  shift
  if [ -n "${PROSPECT_GPU_ONLY:-}" ] && [[ " $PROSPECT_GPU_ONLY " != *" $name "* ]]; then return; fi
  if "$@" > "$out/$name.txt" 2> "$out/$name.err"; then result=done; else result="failed with $?"; fi
  echo "$name: $result after $((SECONDS - began)) s" | tee -a "$out/summary.txt"
}

machine() {
  uname -a
  grep -m1 'model name' /proc/cpuinfo
  "$node" --version
  nvidia-smi --query-gpu=name,memory.total,driver_version,clocks.sm,clocks.max.sm,clocks.mem,power.limit --format=csv || echo 'no nvidia-smi'
  "$node" -p "'onnxruntime-node ' + require('onnxruntime-node/package.json').version"
}

attempt machine machine
attempt engines "$node" main/cli.ts engines --cache-dir "$out/cache" --json
attempt agreement env PROSPECT_WHOLE_RUNS=1 "$node" node_modules/vitest/vitest.mjs run test/gpu test/backends test/integration/tfjs-native-golden.test.ts test/integration/small-device.test.ts
working=$("$node" -p "JSON.parse(fs.readFileSync('$out/engines.txt', 'utf8')).rows.filter(({ test }) => test?.state === 'works').map(({ engine }) => engine).join(' ')")
for engine in $working; do
  [ "$engine" = tfjs:wasm ] || attempt "step-${engine/:/-}" "$node" test/bench/bench.ts step --engine "$engine" --layers "$layers" --json
done
for engine in $working; do
  case $engine in
    onnx:webgpu | onnx:cuda | tfjs:gpu)
      attempt "kto-${engine/:/-}" env PROSPECT_BENCH_DEVICE=cuda "$node" test/bench/bench.ts kto --engine "$engine" --layers "$layers" --batch "$batch" --steps "$steps" --json
      ;;
  esac
done
# Halves the weights and uses the card's fastest units; offered on CUDA alone here. TRL is not measured twice.
case " $working " in
  *' onnx:cuda '*)
    attempt kto-onnx-cuda-float16 "$node" test/bench/bench.ts kto --engine onnx:cuda --dtype float16 --layers "$layers" --batch "$batch" --steps "$steps" --skip savings --json
    ;;
esac
