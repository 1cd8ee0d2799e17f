using System.Text.RegularExpressions;
using ServerlessCA.Aws;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Lambda.Settings;

namespace ServerlessCA.Lambda.Tests.Building;

/// <summary>Checks <c>docs/functions.md</c>, the contract for those who write state machines.</summary>
public sealed partial class FunctionsPageTests
{
    private static readonly string Page = File.ReadAllText(Repository.At("docs", "functions.md"));

    [Fact]
    public void Every_documented_error_is_an_exception_of_this_name()
    {
        string[] documented = [.. ErrorType().Matches(Page).Select(match => match.Groups[1].Value)];
        string[] real = [.. new[] { typeof(IssueCertificate), typeof(AwsSession), typeof(FunctionSettings) }
            .SelectMany(type => type.Assembly.GetTypes()).Where(type => type.IsSubclassOf(typeof(Exception))).Select(type => type.Name)];

        Assert.True(documented.Length >= 10);
        Assert.Empty(documented.Except(real));
    }

    [Fact]
    public void Every_function_is_documented_with_whether_it_answers_something() => Assert.All(Operation.All, operation =>
    {
        string row = Assert.Single(Page.Split('\n'), line => line.StartsWith($"| `{operation.Name}` |", StringComparison.Ordinal));
        Assert.Equal(operation.Answers, !row.EndsWith("| `null` |", StringComparison.Ordinal));
    });

    [GeneratedRegex("`([A-Za-z]+Exception)`")]
    private static partial Regex ErrorType();
}
