using ServerlessCA.Lambda.Logging;

namespace ServerlessCA.Lambda.Tests.Logging;

public sealed class LogTextTests
{
    [Theory]
    [InlineData("the key -----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw", "the key (PEM left out)")]
    [InlineData("token xoxb-123456789012-abcdefghijklmnop!", "token (token left out)!")]
    [InlineData("by AKIAIOSFODNN7EXAMPLE", "by (token left out)")]
    [InlineData("serial 718294036459172340981234098172340981723409817", "serial 718294036459172340981234098172340981723409817")]
    public void Secrets_do_not_pass(string text, string safe) => Assert.Equal(safe, LogText.Safe(text));

    [Fact]
    public void Long_encoded_text_does_not_pass() =>
        Assert.Equal("csr '(encoded text left out)' refused", LogText.Safe($"csr '{new string('M', 64)}' refused"));

    [Fact]
    public void A_host_name_of_full_length_passes()
    {
        string host = $"{new string('a', 63)}.{new string('b', 63)}.example.com";

        Assert.Equal(host, LogText.Safe(host));
    }

    [Fact]
    public void A_text_is_cut_where_it_is_long() => Assert.InRange(LogText.Safe(string.Concat(Enumerable.Repeat("word ", 10_000))).Length, 1, 2100);
}
