// What push and pull of static sparse projections share: the packed synapse, the slot that it delivers into, and the rule by which one of the two delivers a step.
// Part of a phase (tbn/phase.cuh).

// A synapse of either width: (delay - min_delay) << partner_bits | partner, then 16 bits of weight.
typedef u64 tbn_synapse;

typedef tbn_sum_of<TBN_WIDE>::type tbn_sum;

// The neuron at the other end of a synapse: the target in a row, the source in a column.
TBN_DEVICE u32 tbn_partner(const tbn_sparse_projection& p, tbn_synapse synapse) { return (u32)(synapse >> 16) & ((1u << p.partner_bits) - 1); }
TBN_DEVICE u32 tbn_delay(const tbn_sparse_projection& p, tbn_synapse synapse) { return (u32)(synapse >> 16 >> p.partner_bits) + p.min_delay; }
TBN_DEVICE i32 tbn_weight(tbn_synapse synapse) { return (i16)(u16)synapse; }

// Adds 16-bit weights, or a sum of them, to what arrives at an element of the target after a delay.
TBN_DEVICE void tbn_deliver_after(const tbn_sparse_projection& p, u64 step, u32 delay, u64 element, i32 weights)
{
    tbn_deliver((tbn_sum*)p.ring.sums + (u64)(((u32)step + delay) & p.ring.mask) * p.ring.elements + element, (tbn_sum)((u64)(i64)weights << p.shift));
}

// Whether the spikes of a step are pulled. Push and pull both ask, so every projection is delivered by one of them.
TBN_DEVICE bool tbn_is_pulled(const tbn_sparse_projection& p, u32 spikes) { return spikes >= p.pull_from; }
