using System.Numerics;

namespace TorchBrain.Native.Planning;

/// <summary>
/// Shares a total out among rows as if every single one of it had picked its row at random. The rows are halved again and again; how many go to the first half is a binomial
/// draw that counts fair coins, 32 at a time. Only whole numbers are involved, so the draw is exact and the same on every machine.
/// </summary>
static class RowTotals
{
    const long WorthAThread = 1 << 20;

    /// <summary>The share of each row.</summary>
    public static int[] Draw(long total, int rows, ulong seed, uint stream)
    {
        var shares = new int[rows];
        Split(total, 0, rows, 1);
        return shares;

        // A node is a range of rows; its number is that of a binary heap.
        void Split(long part, int first, int count, uint node)
        {
            if (count == 1)
                shares[first] = checked((int)part);
            if (count == 1 || part == 0)
                return;
            var half = count / 2;
            var random = new RandomSequence(seed, stream, node);
            var left = Binomial(part, half, count, ref random);
            if (part < WorthAThread)
            {
                Split(left, first, half, 2 * node);
                Split(part - left, first + half, count - half, 2 * node + 1);
            }
            else
                Parallel.Invoke(() => Split(left, first, half, 2 * node), () => Split(part - left, first + half, count - half, 2 * node + 1));
        }
    }

    /// <summary>
    /// How many of a number of trials succeed, each with probability numerator / denominator. Each trial is a uniform number below the probability or not; both are compared
    /// binary digit by digit, for all trials at once. A trial is decided at the first digit that differs, half of those left at every digit.
    /// </summary>
    static long Binomial(long trials, long numerator, long denominator, ref RandomSequence random)
    {
        var successes = 0L;
        for (var rest = numerator; trials > 0 && rest > 0;)
        {
            rest *= 2;
            var ones = Ones(trials, ref random);
            if (rest < denominator)
            {
                trials -= ones;
                continue;
            }
            rest -= denominator;
            successes += trials - ones;
            trials = ones;
        }
        return successes;
    }

    // Ones among so many fair coins.
    static long Ones(long coins, ref RandomSequence random)
    {
        var ones = 0L;
        for (; coins >= 32; coins -= 32)
            ones += BitOperations.PopCount(random.NextUInt32());
        return coins == 0 ? ones : ones + BitOperations.PopCount(random.NextUInt32() >> (int)(32 - coins));
    }
}
