using System.CommandLine;
using ServerlessCA.Cli.Help;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Options;

/// <summary>Makes options that take one of a few words. For a mistyped word the message suggests the nearest one.</summary>
internal static class Choice
{
    /// <summary>Makes an option with a default.</summary>
    public static Option<string> Of(
        string name, string helpName, string description, IReadOnlyList<string> words, string byDefault, Func<string, bool>? alsoGood = null)
    {
        var option = new Option<string>(name)
        {
            HelpName = helpName,
            Description = description,
            DefaultValueFactory = _ => byDefault,
        };
        return Restrict(option, words, alsoGood);
    }

    /// <summary>Makes an option that may be absent.</summary>
    public static Option<string?> Of(
        string name, string helpName, string description, IReadOnlyList<string> words, Func<string, bool>? alsoGood = null) =>
        Restrict(new Option<string?>(name) { HelpName = helpName, Description = description }, words, alsoGood);

    /// <summary>Makes an option that may be given several times.</summary>
    public static Option<string[]> Several(
        string name, string helpName, string description, IReadOnlyList<string> words, Func<string, bool>? alsoGood = null) =>
        Restrict(new Option<string[]>(name) { HelpName = helpName, Description = description }, words, alsoGood);

    private static Option<T> Restrict<T>(Option<T> option, IReadOnlyList<string> words, Func<string, bool>? alsoGood = null)
    {
        option.CompletionSources.Add([.. words]);
        option.Validators.Add(result =>
        {
            foreach (string word in result.Tokens.Select(token => token.Value))
            {
                if (!words.Contains(word, StringComparer.Ordinal) && alsoGood?.Invoke(word) != true)
                {
                    string hint = Suggestion.Nearest(word, words) is { } meant ? $"did you mean '{meant}'?" : $"choose from {string.Join(", ", words)}";
                    result.AddError(UsageErrors.Message($"{option.Name} '{word}' is unknown", hint));
                }
            }
        });
        return option;
    }
}
