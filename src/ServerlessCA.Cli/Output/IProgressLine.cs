namespace ServerlessCA.Cli.Output;

/// <summary>The one line that tells how far long work is.</summary>
internal interface IProgressLine
{
    /// <summary>Shows what goes on. Safe to call from any thread.</summary>
    /// <param name="what">A few words; may come from anyone.</param>
    /// <param name="done">How many are done.</param>
    /// <param name="total">Of how many; 0 when that is not known.</param>
    void Show(string what, int done, int total);
}
