using System.Text.RegularExpressions;

namespace ServerlessCA.Rules.Tests;

/// <summary>Secrets are compared in constant time, by construction: nothing is measured.</summary>
public sealed partial class SecretComparisonTests
{
    private const string Access = "src/ServerlessCA.Server/Access/";

    [Theory]
    [InlineData("AccessPolicy.cs", "public bool Is(string text)")]
    [InlineData("SignedRequest.cs", "public bool IsSignedWith(")]
    [InlineData("ApiAccess.cs", "ClientCertificate is not { } now")]
    public void Tokens_signatures_and_certificates_are_compared_in_constant_time(string file, string place)
    {
        string code = SourceTree.CodeOf(Access + file);
        int begin = code.IndexOf(place, StringComparison.Ordinal);

        Assert.True(begin >= 0, place);
        string[] method = code[begin..].Split("\n    }");
        Assert.Contains("CryptographicOperations.FixedTimeEquals(", method[0], StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_of_a_token_is_compared_nowhere() => Assert.DoesNotContain(
        SourceTree.Paths(), path => path.StartsWith("src/ServerlessCA.Server/", StringComparison.Ordinal) && Compared().IsMatch(SourceTree.CodeOf(path)));

    [Fact]
    public void All_tokens_are_compared_even_after_one_fits() =>
        Assert.Contains("policy.Tokens.Where(grant => grant.Token.Is(given)).ToArray()", SourceTree.CodeOf(Access + "Authenticator.cs"), StringComparison.Ordinal);

    [GeneratedRegex(@"[Tt]oken\.Text\s*(?:==|!=|\.Equals)|(?:==|!=)\s*\w*[Tt]oken\.Text\b|SequenceEqual\([^)]*[Tt]oken")]
    private static partial Regex Compared();
}
