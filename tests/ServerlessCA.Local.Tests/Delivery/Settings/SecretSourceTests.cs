using ServerlessCA.Local.Delivery.Settings;
using Xunit;

namespace ServerlessCA.Local.Tests.Delivery.Settings;

public sealed class SecretSourceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_secret_is_read_from_a_variable()
    {
        using var variable = new Variable("s3cret");

        Assert.True(new SecretSource(variable.Name, null).TryRead(out string? secret, out _));
        Assert.Equal("s3cret", secret);
    }

    [Theory]
    [InlineData("s3cret")]
    [InlineData("s3cret\n")]
    [InlineData("s3cret\r\n")]
    public void A_secret_is_read_from_a_file_of_one_line(string content)
    {
        File.WriteAllText(folder.At("secret"), content);

        Assert.True(new SecretSource(null, folder.At("secret")).TryRead(out string? secret, out _));
        Assert.Equal("s3cret", secret);
    }

    [Theory]
    [InlineData("", "holds no secret")]
    [InlineData("\n", "holds no secret")]
    [InlineData("hunter2\nmore\n", "has more than one line or control characters")]
    [InlineData("hunter2\u0000", "cannot be read: it is not text: give a text file in UTF-8")]
    [InlineData("hunter2\u0001", "has more than one line or control characters")]
    public void What_is_no_secret_is_reported_without_showing_it(string content, string problem)
    {
        File.WriteAllText(folder.At("secret"), content);

        Assert.False(new SecretSource(null, folder.At("secret")).TryRead(out string? secret, out string? why));
        Assert.Null(secret);
        Assert.Equal($"file '{folder.At("secret")}' {problem}", why);
    }

    [Fact]
    public void A_variable_that_is_not_set_is_reported() => Assert.Equal(
        "environment variable SERVERLESS_CA_TEST_NONE holds no secret",
        new SecretSource("SERVERLESS_CA_TEST_NONE", null).TryRead(out _, out string? why) ? null : why);

    [Fact]
    public void A_file_that_is_missing_or_too_large_is_reported()
    {
        File.WriteAllText(folder.At("large"), new string('x', 4097));

        Assert.False(new SecretSource(null, folder.At("none")).TryRead(out _, out string? missing));
        Assert.False(new SecretSource(null, folder.At("large")).TryRead(out _, out string? large));
        Assert.Contains("cannot be read", missing, StringComparison.Ordinal);
        Assert.Contains("more than 4096 bytes", large, StringComparison.Ordinal);
    }
}
