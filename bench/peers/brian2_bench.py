#!/usr/bin/env python3
"""Networks of torchbrain bench in Brian2: C++ standalone, one thread, compiler -O3 -march=native. Prints one line of JSON.

    brian2_bench.py cuba|coba|izhikevich|izhikevich10k|stdp [--seconds S] [--repeats R] [--seed N] [--keep FOLDER]

The time is the network's own run time as Brian2's generated program measures it: building, compiling and connecting are not in it.
Each repeat is a fresh process of the same program. All spikes are recorded."""
import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import tempfile
import warnings

warnings.filterwarnings("ignore")
import brian2 as b
from brian2 import Hz, NeuronGroup, SpikeMonitor, Synapses, ms, mV, nS, pF


def cuba():
    eqs = """dv/dt = (ge + gi - (v + 49*mV)) / (20*ms) : volt (unless refractory)
             dge/dt = -ge / (5*ms) : volt
             dgi/dt = -gi / (10*ms) : volt"""
    p = NeuronGroup(4000, eqs, threshold="v > -50*mV", reset="v = -60*mV", refractory=5 * ms, method="exact")
    p.v = "-60*mV + rand() * 10*mV"
    return [p] + halves(p, "ge += 1.62*mV", "gi -= 9*mV") + [SpikeMonitor(p)], 0.1


def coba():
    eqs = """dv/dt = (10*nS * (-60*mV - v) + ge * (0*mV - v) + gi * (-80*mV - v)) / (200*pF) : volt (unless refractory)
             dge/dt = -ge / (5*ms) : siemens
             dgi/dt = -gi / (10*ms) : siemens"""
    p = NeuronGroup(4000, eqs, threshold="v > -50*mV", reset="v = -60*mV", refractory=5 * ms, method="euler")
    p.v = "-60*mV + (randn() * 5 - 5) * mV"
    p.ge = "(randn() * 1.5 + 4) * 10*nS"
    p.gi = "(randn() * 12 + 20) * 10*nS"
    return [p] + halves(p, "ge += 6*nS", "gi += 67*nS") + [SpikeMonitor(p)], 0.1


def halves(p, excites, inhibits):
    parts = []
    for sources, effect in ((p[:3200], excites), (p[3200:], inhibits)):
        s = Synapses(sources, p, on_pre=effect, delay=0.1 * ms)
        s.connect(p=0.02)
        parts.append(s)
    return parts


def izhikevich(neurons):
    # Two half steps of v within each step of 1 ms, as published; the input arrives within the step.
    excitatory = neurons * 4 // 5
    g = NeuronGroup(neurons, """v : 1
        u : 1
        a : 1
        b : 1
        c : 1
        d : 1
        noise : 1
        I : 1""", threshold="v >= 30", reset="v = c; u += d")
    e, i = g[:excitatory], g[excitatory:]
    e.noise, i.noise = 5, 2
    e.a, e.b = 0.02, 0.2
    e.c, i.c = "-65 + 15*rand()**2", -65
    e.d = "8 - 6*((c + 65) / 15)"
    i.a = "0.02 + 0.08*rand()"
    i.b = "0.25 - 0.05*((a - 0.02) / 0.08)"
    i.d = 2
    g.v, g.u = "-65", "b*v"
    g.run_regularly("""I += noise*randn()
        v += 0.5*(0.04*v**2 + 5*v + 140 - u + I)
        v += 0.5*(0.04*v**2 + 5*v + 140 - u + I)
        u += a*(b*v - u)
        I = 0""", dt=1 * ms)
    parts = [g]
    for sources, weight in ((e, "0.5*rand()"), (i, "-rand()")):
        s = Synapses(sources, g, "w : 1", on_pre="I_post += w")
        s.connect(p=min(1.0, 1000 / neurons))
        s.w = weight
        parts.append(s)
    return parts + [SpikeMonitor(g)], 1.0


def stdp():
    # Traces per synapse, driven by events: Brian2's textbook form. Soft bounds, amplitudes and constants of torchbrain's load; the targets integrate an exponential current.
    n, fan, largest = 10_000, 1000, 13.3
    pre = b.PoissonGroup(n, rates=10 * Hz)
    post = NeuronGroup(n, """dv/dt = (-65 - v) / (10*ms) + current / (250*ms) : 1 (unless refractory)
        dcurrent/dt = -current / (5*ms) : 1""", threshold="v > -50", reset="v = -65", refractory=2 * ms, method="exact")
    post.v = "-65 + 15*rand()"
    s = Synapses(pre, post, """w : 1
        dx/dt = -x / (20*ms) : 1 (event-driven)
        dy/dt = -y / (20*ms) : 1 (event-driven)""",
                 on_pre=f"current_post += w; x += 1; w = clip(w - 0.00525*w*y, 0, {largest})",
                 on_post=f"y += 1; w = clip(w + 0.005*({largest} - w)*x, 0, {largest})", delay=1 * ms)
    s.connect(p=fan / n)
    s.w = f"{largest}*rand()"
    return [pre, post, s, SpikeMonitor(pre), SpikeMonitor(post)], 1.0


NETWORKS = {"cuba": cuba, "coba": coba, "izhikevich": lambda: izhikevich(1000), "izhikevich10k": lambda: izhikevich(10_000), "stdp": stdp}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("network", choices=NETWORKS)
    options.add_argument("--seconds", type=float, default=1.0)
    options.add_argument("--repeats", type=int, default=1)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--keep", help="folder of a built program: built there if missing, used again if present")
    args = options.parse_args()
    folder = args.keep or tempfile.mkdtemp(prefix="brian2-bench-")
    program = os.path.join(folder, "main")
    facts = os.path.join(folder, "facts.json")
    wanted = {"network": args.network, "seconds": args.seconds, "seed": args.seed}
    if not (os.path.exists(program) and os.path.exists(facts) and json.load(open(facts))["wanted"] == wanted):
        build(args, folder, facts, wanted)
    known = json.load(open(facts))
    times = []
    for _ in range(args.repeats):
        subprocess.run([program], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        times.append(float(open(os.path.join(folder, "results", "last_run_info.txt")).read().split()[0]))
    spikes = sum(os.path.getsize(os.path.join(folder, "results", f)) // 4 for f in os.listdir(os.path.join(folder, "results")) if f.startswith("_dynamic_array_spikemonitor") and "_i_" in f)
    if not args.keep:
        shutil.rmtree(folder)
    print(json.dumps({"simulator": f"Brian2 {b.__version__}, C++ standalone, 1 thread, -O3 -march=native, float64", "network": args.network, "seconds": args.seconds, "seed": args.seed,
                      "rtf": statistics.median(times) / args.seconds, "rtf_low": min(times) / args.seconds, "rtf_high": max(times) / args.seconds, "neurons": known["neurons"],
                      "rate_hz": spikes / known["neurons"] / args.seconds, "repeats": len(times), "python": platform.python_version()}))


def build(args, folder, facts, wanted):
    shutil.rmtree(folder, ignore_errors=True)
    b.prefs.devices.cpp_standalone.openmp_threads = 0
    b.prefs.codegen.cpp.extra_compile_args_gcc = ["-w", "-O3", "-march=native"]
    b.set_device("cpp_standalone", build_on_run=False, directory=folder)
    b.seed(args.seed)
    parts, step = NETWORKS[args.network]()
    b.defaultclock.dt = step * ms
    network = b.Network(parts)
    neurons = sum(p.N for p in parts if isinstance(p, (NeuronGroup, b.PoissonGroup)))
    network.run(args.seconds * b.second)
    b.device.build(directory=folder, compile=True, run=False, debug=False)
    json.dump({"wanted": wanted, "neurons": int(neurons)}, open(facts, "w"))


if __name__ == "__main__":
    main()
