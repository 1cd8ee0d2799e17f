namespace ServerlessCA.Conformance.Running;

/// <summary>What the core does with all vectors, for people.</summary>
internal static class Report
{
    /// <summary>Prints every unwanted difference, then a line per deliberate one, then a line per class.</summary>
    /// <returns>0 when there is none.</returns>
    public static async Task<int> PrintAsync(TextWriter output)
    {
        IReadOnlyList<Verdict> verdicts = await Verdicts.OfProductAsync();
        foreach (Verdict verdict in verdicts.Where(verdict => !verdict.IsGood))
        {
            await output.WriteLineAsync($"{verdict.Class} {verdict}");
        }

        await output.WriteAsync(Verdicts.Uses(verdicts) + Verdicts.Counts(verdicts));
        return verdicts.All(verdict => verdict.IsGood) ? 0 : 1;
    }
}
