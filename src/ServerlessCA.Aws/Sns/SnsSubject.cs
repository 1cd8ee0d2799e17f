namespace ServerlessCA.Aws.Sns;

/// <summary>A subject that SNS takes: printable ASCII, beginning with something to see, at most 100 characters
/// (SNS API reference, Publish).</summary>
internal static class SnsSubject
{
    private const int MaxCharacters = 100;

    /// <summary>The subject as it is where it fits; else the nearest text that does.</summary>
    public static string Of(string subject)
    {
        string printable = string.Concat(subject.Select(letter => letter is >= ' ' and <= '~' ? letter : letter < ' ' ? ' ' : '?')).Trim();
        return printable.Length == 0 ? "Notification" : printable[..Math.Min(printable.Length, MaxCharacters)];
    }
}
