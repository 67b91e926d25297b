// Delivery over rows that nobody stores: the warp that carries a spike makes its row anew from random words, in whole numbers only. Each lane makes four synapses in a row of 128, so that it
// uses the four words of a block. What it does and needs stands in propagate_procedural.cu. A phase (tbn/phase.cuh); scratch: TBN_STARTS words.
// Reference: ProceduralRows.cs, WordTable.cs.

#define TBN_EACH 0
#define TBN_SKIP 1
#define TBN_CHOOSE 2

typedef tbn_sum_of<TBN_WIDE>::type tbn_procedural_sum;

// Set-up draws mark their counters here, so that they never meet those of the steps.
#define TBN_SET_UP 0x80000000u

// Four words from number 4 x block of a row's sequence.
TBN_DEVICE tbn_block tbn_row_words(u64 seed, u32 stream, u32 source, u32 block) { return tbn_philox(seed, source, stream, block, TBN_SET_UP); }

TBN_DEVICE u32 tbn_count_bounds(const tbn_word_table& table, u32 word)
{
    const u32* entry = table.index + (word >> table.shift);
    u32 low = entry[0], high = entry[1];
    while (low < high)
    {
        const u32 middle = low + (high - low) / 2;
        if (table.bounds[middle] <= word)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

TBN_DEVICE i32 tbn_value_of(const tbn_word_table& table, u32 word) { return table.first + table.direction * (i32)tbn_count_bounds(table, word); }

// The synapse onto a target: its weight and its delay follow from a word each, where they are drawn.
TBN_DEVICE void tbn_deliver_made(const tbn_procedural_projection& p, u64 step, u32 target, u32 instance, u32 weight_word, u32 delay_word)
{
    const i32 weight = TBN_DRAWN_WEIGHTS ? tbn_value_of(p.weights, weight_word) : p.weights.first;
    const u32 delay = (u32)(TBN_DRAWN_DELAYS ? tbn_value_of(p.delays, delay_word) : p.delays.first);
    tbn_procedural_sum* slot = (tbn_procedural_sum*)p.ring.sums + (u64)(((u32)step + delay) & p.ring.mask) * p.ring.elements;
    tbn_deliver(slot + (u64)target * TBN_BATCH + instance, (tbn_procedural_sum)((u64)(i64)weight << p.shift));
}

// Words of the synapses 4 x block - back and the three that follow; back is 0 or 1.
TBN_DEVICE tbn_block tbn_synapse_words(u64 seed, u32 stream, u32 source, u32 block, u32 back)
{
    const tbn_block here = tbn_row_words(seed, stream, source, block);
    if (back == 0)
        return here;
    const tbn_block before = tbn_row_words(seed, stream, source, block - 1);
    return tbn_block{{before.word[3], here.word[0], here.word[1], here.word[2]}};
}

// Targets by number: every one, or one drawn for each synapse. A chunk of the row.
TBN_DEVICE void tbn_deliver_numbered(const tbn_procedural_projection& p, u64 step, u32 source, u32 instance, u32 chunk)
{
    const u32 length = p.row_lengths[source], begin = chunk * p.chunk_length, end = tbn_min_u32(begin + p.chunk_length, length);
    const u64 choices = p.targets - p.skips_self;
    for (u32 first = begin + 4 * tbn_lane(); first < end; first += 4 * TBN_WARP)
    {
        tbn_block structure = {{0, 0, 0, 0}}, weights = structure, delays = structure;
        if (TBN_RULE == TBN_CHOOSE)
            structure = tbn_row_words(p.seed, p.structure_stream, source, first / 4);
        if (TBN_DRAWN_WEIGHTS)
            weights = tbn_row_words(p.seed, p.weight_stream, source, first / 4);
        if (TBN_DRAWN_DELAYS)
            delays = tbn_row_words(p.seed, p.delay_stream, source, first / 4);
#pragma unroll
        for (u32 j = 0; j < 4; j++)
        {
            u32 target = TBN_RULE == TBN_CHOOSE ? (u32)(structure.word[j] * choices >> 32) : first + j;
            target += p.skips_self && target >= source ? 1 : 0;
            if (first + j < end)
                tbn_deliver_made(p, step, target, instance, weights.word[j], delays.word[j]);
        }
    }
}

// Targets by skips: 128 draws at a time, added up over the warp. The whole row.
TBN_DEVICE void tbn_deliver_skipping(const tbn_procedural_projection& p, u64 step, u32 source, u32 instance)
{
    u32 next = 0;         // the first target that no draw of an earlier round has reached
    u32 self_passed = 0;  // 1 once the source's own number was drawn: it makes no synapse, so the words of all later ones are one back
    for (u32 round = 0; next < p.targets; round++)
    {
        const u32 block = round * TBN_WARP + tbn_lane();
        const tbn_block structure = tbn_row_words(p.seed, p.structure_stream, source, block);
        u32 target[4], advance = 0, self = 0;
#pragma unroll
        for (u32 j = 0; j < 4; j++)
        {
            advance += 1 + (u32)tbn_value_of(p.skips, structure.word[j]);
            target[j] = advance - 1;
        }
        const u32 inclusive = tbn_warp_sum(advance), before = next + inclusive - advance;
#pragma unroll
        for (u32 j = 0; j < 4; j++)
        {
            target[j] += before;
            self |= p.skips_self && target[j] == source ? 1u : 0u;
        }
        const u32 selves = tbn_ballot(self != 0);
        u32 back = self_passed | ((selves & ((1u << tbn_lane()) - 1)) != 0 ? 1u : 0u);
        if (target[0] < p.targets)
        {
            tbn_block weights = {{0, 0, 0, 0}}, delays = weights;
            if (TBN_DRAWN_WEIGHTS)
                weights = tbn_synapse_words(p.seed, p.weight_stream, source, block, back);
            if (TBN_DRAWN_DELAYS)
                delays = tbn_synapse_words(p.seed, p.delay_stream, source, block, back);
            u32 weight_before = weights.word[0], delay_before = delays.word[0]; // of the draw before, for those behind the source's own number
#pragma unroll
            for (u32 j = 0; j < 4; j++)
            {
                const bool own = p.skips_self && target[j] == source;
                const bool behind = self && !back && target[j] > source;
                if (!own && target[j] < p.targets)
                    tbn_deliver_made(p, step, target[j], instance, behind ? weight_before : weights.word[j], behind ? delay_before : delays.word[j]);
                weight_before = weights.word[j];
                delay_before = delays.word[j];
            }
        }
        next += __shfl_sync(TBN_ALL_LANES, inclusive, (int)TBN_WARP - 1);
        self_passed |= selves != 0 ? 1u : 0u;
    }
}

TBN_DEVICE void tbn_propagate_procedural_phase(const tbn_procedural_arguments& args, u64 step, tbn_place at, u32* starts)
{
    const u32 parts = (u32)args.projection_count;
    const u32 items = tbn_number_items(starts, parts, [&](u32 k) { return tbn_list_count(args.projections[k].source, step) * args.projections[k].chunks; });
    for (u32 item = tbn_warp_of(at); item < items; item += tbn_warps_of(at))
    {
        const u32 part = tbn_part_of(starts, parts, item);
        const tbn_procedural_projection& p = args.projections[part];
        const u32 local = item - starts[part], spike = tbn_list(p.source, step)[local / p.chunks];
        if (TBN_RULE == TBN_SKIP)
            tbn_deliver_skipping(p, step, spike / TBN_BATCH, spike % TBN_BATCH);
        else
            tbn_deliver_numbered(p, step, spike / TBN_BATCH, spike % TBN_BATCH, local % p.chunks);
    }
}
