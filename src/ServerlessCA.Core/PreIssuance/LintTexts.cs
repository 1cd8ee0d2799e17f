namespace ServerlessCA.Core.PreIssuance;

/// <summary>Makes the texts of lints that look at each value of a list. Nearly all certificates have nothing wrong, and then it allocates
/// nothing.</summary>
internal static class LintTexts
{
    /// <summary>Returns a text for each value that is wrong, in order.</summary>
    public static IReadOnlyList<string> Of<T>(IReadOnlyList<T> values, Func<T, bool> isWrong, Func<T, string> text)
    {
        List<string>? texts = null;
        for (int i = 0; i < values.Count; i++)
        {
            if (isWrong(values[i]))
            {
                (texts ??= []).Add(text(values[i]));
            }
        }

        return texts ?? (IReadOnlyList<string>)[];
    }
}
