using System.Text.RegularExpressions;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Rules.Tests;

/// <summary>Names stand in one place: those of functions in <c>Operation.cs</c>, those of settings in <c>SettingsSchema.cs</c>.</summary>
public sealed partial class OnePlaceTests
{
    private const string Functions = "src/ServerlessCA.Core/Operations/Operation.cs";
    private const string Schema = "src/ServerlessCA.Core/Settings/SettingsSchema.cs";

    // The same word for something else, by file.
    private static readonly (string File, string Word)[] OtherThings =
    [
        ("src/ServerlessCA.Core/Expiry/RemindOfExpiry.cs", "expiry"), // a mark in the ledger
        ("src/ServerlessCA.Core/Inventory/InventoryQuery.cs", "expiry"), // an order of list
    ];

    [Fact]
    public void No_name_of_a_function_stands_outside_the_list() =>
        Assert.Empty(Elsewhere(Functions, (_, text) => Operation.All.Any(operation => HoldsFunction(text, operation.Name))));

    [Fact]
    public void No_name_of_a_state_of_the_state_machine_stands_outside_the_list() =>
        Assert.Empty(Elsewhere(Functions, (_, text) => text == Operation.SearchState || Operation.All.Any(operation => text == operation.State)));

    [Fact]
    public void No_variable_and_no_key_of_a_setting_stands_outside_the_schema()
    {
        HashSet<string> names = [.. SettingsSchema.All.SelectMany(setting => (string?[])[setting.Key, setting.Variable, setting.TerraformVariable]).OfType<string>()];

        // A name of one plain word, such as project, is one where settings are read.
        Assert.Empty(Elsewhere(Schema, (path, text) => names.Contains(text)
            && (text.Contains('_', StringComparison.Ordinal) || path.Contains("/Settings/", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("tls-cert", true)]
    [InlineData("-tls-cert-", true)]
    [InlineData("the function tls-cert does it", true)]
    [InlineData("--tls-cert", false)]
    [InlineData("--tls-cert and --tls-key belong together", false)]
    [InlineData("expiry", true)]
    [InlineData("before expiry on which to remind", false)]
    public void A_name_is_found_where_it_is_one(string text, bool isName) =>
        Assert.Equal(isName, Operation.All.Any(operation => HoldsFunction(text, operation.Name)));

    [Fact]
    public void The_list_and_the_schema_are_found_where_they_are_looked_for()
    {
        Assert.Contains(Texts(Functions), text => text == Operation.Of(CaFunction.TlsCert).Name);
        Assert.Contains(Texts(Schema), text => text == SettingsSchema.MaxCertLifetime.Key);
    }

    // A name of one word, such as expiry, is one only alone; the others also within a text, but not as an option of the command line.
    private static bool HoldsFunction(string text, string name) => text == name
        || (name.Contains('-', StringComparison.Ordinal) && Regex.IsMatch(text, $@"(?<!-)(?<![A-Za-z])-?{name}(?![A-Za-z])"));

    /// <summary>Texts of the sources that are names, but for those of their place.</summary>
    internal static string[] Elsewhere(string place, Func<string, string, bool> isName) =>
    [
        .. from path in SourceTree.Paths()
           where path != place
           from text in Texts(path)
           where isName(path, text) && !OtherThings.Contains((path, text))
           select $"{path}: \"{text}\"",
    ];

    private static IEnumerable<string> Texts(string path) => SourceTree.CodeOf(path).Split('\n')
        .SelectMany(line => Literal().Matches(line)).Select(literal => literal.Groups[1].Value);

    [GeneratedRegex("""
        "((?:[^"\\]|\\.)*)"
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Literal();
}
