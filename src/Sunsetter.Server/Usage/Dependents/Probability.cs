namespace Sunsetter.Server.Usage;

internal static class Probability
{
    /// <summary>That at least <paramref name="hits"/> of <paramref name="tries"/> succeed by chance, each with the share given (binomial).</summary>
    public static double AtLeast(int hits, int tries, double share)
    {
        double sum = 0, term = Math.Pow(1 - share, tries);
        for (var successes = 0; successes <= tries; successes++)
        {
            if (successes >= hits)
                sum += term;
            term *= (double)(tries - successes) / (successes + 1) * share / (1 - share);
        }
        return sum;
    }
}
