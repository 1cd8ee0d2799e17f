namespace ServerlessCA.Cli.Tests.Packaging;

/// <summary>Tests the scripts that make a release. A whole release takes too long for every change: <c>make
/// release-check</c> makes two.</summary>
public sealed class ReleaseTests
{
    [Theory]
    [InlineData("", "which VERSION?")]
    [InlineData("v1.0.0", "'v1.0.0' is no version")]
    [InlineData("1.0", "'1.0' is no version")]
    [InlineData("01.0.0", "'01.0.0' is no version")]
    [InlineData("1.0.0+build", "'1.0.0+build' is no version")]
    [InlineData("99.0.0", "not 99.0.0")]
    [InlineData("--sign", "unknown option '--sign'")]
    [InlineData("1.0.0 2.0.0", "one VERSION, not '1.0.0' and '2.0.0'")]
    public void A_version_that_is_not_the_sources_is_refused_before_anything_is_built(string arguments, string expected)
    {
        (int exit, string text) = ForeignProgram.Run(
            Repository.At("eng", "release"), arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(2, exit);
        Assert.StartsWith("error: ", text, StringComparison.Ordinal);
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.DoesNotContain("==", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Sums_are_signed_by_the_key_that_is_given_and_anybody_can_check_them()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/minisign"), "minisign is not installed: apt-get install minisign");
        using var folder = new TemporaryFolder();
        folder.Write("release/one.zip", "one");
        folder.Write("release/two.tar.gz", "two");
        Done("minisign", "-G", "-W", "-p", folder.At("public.key"), "-s", folder.At("secret.key"));

        string output = Done(Repository.At("eng", "sign"), folder.At("release"), "1.2.3", folder.At("secret.key"));
        string verified = Done("minisign", "-V", "-m", folder.At("release", "SHA256SUMS"), "-p", folder.At("public.key"));
        string sums = Done("sh", "-c", $"cd '{folder.At("release")}' && sha256sum --check SHA256SUMS");
        File.AppendAllText(folder.At("release", "SHA256SUMS"), "changed");
        (int changed, _) = ForeignProgram.Run("minisign", "-V", "-m", folder.At("release", "SHA256SUMS"), "-p", folder.At("public.key"));

        Assert.Contains("signed: SHA256SUMS.minisig", output, StringComparison.Ordinal);
        Assert.Contains("Trusted comment: serverless-ca 1.2.3", verified, StringComparison.Ordinal);
        Assert.Contains("one.zip: OK\ntwo.tar.gz: OK\n", sums, StringComparison.Ordinal);
        Assert.NotEqual(0, changed);
    }

    [Fact]
    public void Without_a_key_it_says_that_nothing_is_signed()
    {
        using var folder = new TemporaryFolder();
        folder.Write("release/one.zip", "one");

        string output = Done(Repository.At("eng", "sign"), folder.At("release"), "1.2.3");

        Assert.Contains("NOT SIGNED", output, StringComparison.Ordinal);
        Assert.Equal(["SHA256SUMS", "one.zip"], Directory.EnumerateFiles(folder.At("release")).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Shellcheck_has_nothing_to_say_of_any_script()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/shellcheck"), "shellcheck is not installed: apt-get install shellcheck");
        string[] scripts = [.. Directory.EnumerateFiles(Repository.At("eng"))
            .Where(file => file.EndsWith(".sh", StringComparison.Ordinal) || File.ReadLines(file).First().EndsWith("bash", StringComparison.Ordinal))];

        Assert.True(scripts.Length >= 9);
        Done("sh", ["-c", $"cd '{Repository.At()}' && shellcheck -x {string.Join(' ', scripts)}"]);
    }

    private static string Done(string program, params string[] arguments)
    {
        (int exit, string text) = ForeignProgram.Run(program, arguments);
        Assert.True(exit == 0, $"{program} {string.Join(' ', arguments)}: {text}");
        return text;
    }
}
