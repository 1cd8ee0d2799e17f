using System.Text.Json;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Commands;

public sealed class RevokeTests
{
    private const string IssuingCa = "serverless-issuing-ca-dev";
    private const string RootCa = "serverless-root-ca-dev";

    [Fact]
    public async Task Revoking_twice_keeps_the_first_date_and_reason()
    {
        var clock = new FixedClock();
        using Session session = await new Session { Clock = clock }.WithCaAsync();
        string serial = await IssueAsync(session, "a");

        JsonElement first = (await session.RunAsync("revoke", "a", "--reason", "KEYCOMPROMISE", "--output", "json")).Done().Json;
        clock.Now = clock.Now.AddHours(1);
        Result second = (await session.RunAsync("revoke", "a", "--reason", "superseded", "--output", "json")).Done();

        Assert.Equal("Revoked", Text(first, "Status"));
        Assert.Equal("RevokedBefore", Text(second.Json, "Status"));
        Assert.Contains("it was revoked before", second.Error, StringComparison.Ordinal);
        foreach (JsonElement answer in new[] { first, second.Json })
        {
            Assert.Equal(serial, Text(answer, "SerialNumber"));
            Assert.Equal("keyCompromise", Text(answer, "Reason"));
            Assert.Equal("2030-01-02T12:00:00Z", Text(answer, "Revoked"));
            Assert.Equal(Path.Combine(session.Data, "external", $"{IssuingCa}.crl"), Text(answer, "Crl"));
        }

        Assert.Equal([2, 3], new[] { first, second.Json }.Select(answer => answer.GetProperty("CrlNumber").GetInt32()));
        Assert.Single(Directory.EnumerateFiles(Path.Combine(session.Data, "outbox"), "*certificate-revoked*"));
    }

    [Fact]
    public async Task A_revocation_whose_CRL_could_not_be_published_is_completed_by_the_same_command()
    {
        using Session session = await new Session().WithCaAsync();
        await IssueAsync(session, "a");
        string key = Path.Combine(session.Data, "keys", $"{IssuingCa}.key.pem");
        File.Move(key, $"{key}.away");

        Result failed = await session.RunAsync("revoke", "a", "--reason", "superseded");
        File.Move($"{key}.away", key);
        JsonElement again = (await session.RunAsync("revoke", "a", "--output", "json")).Done().Json;

        Assert.Equal(ExitCode.Fault, failed.ExitCode);
        Assert.Contains("'a' is revoked in the ledger, but no CRL that names it could be published", failed.Error, StringComparison.Ordinal);
        Assert.Contains("hint: mend that and give the same command again", failed.Error, StringComparison.Ordinal);
        Assert.Equal("RevokedBefore", Text(again, "Status"));
        Assert.Equal("superseded", Text(again, "Reason"));
        Assert.EndsWith(".crl", Text(again, "Crl"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_name_or_serial_number_is_a_fault_and_publishes_nothing()
    {
        using Session session = await new Session().WithCaAsync();
        string crl = Path.Combine(session.Data, "external", $"{IssuingCa}.crl");
        byte[] before = File.ReadAllBytes(crl);

        Result name = await session.RunAsync("revoke", "nobody");
        Result serial = await session.RunAsync("revoke", "--serial", "0xABCDEF");
        Result both = await session.RunAsync("revoke", IssuingCa, "--serial", "12");

        Assert.All(new[] { name, serial, both }, result => Assert.Equal(ExitCode.Fault, result.ExitCode));
        Assert.Equal("error: there is no certificate of the name 'nobody'\nhint: 'serverless-ca list' shows all; case counts\n", name.Error);
        Assert.Contains("there is no certificate of the serial number 11259375", serial.Error, StringComparison.Ordinal);
        Assert.Contains($"'{IssuingCa}' has no certificate of the serial number 12", both.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(crl));
    }

    [Fact]
    public async Task A_name_with_several_certificates_needs_the_serial_number()
    {
        OpenSsl.IsNeeded();
        using Session session = await new Session().WithCaAsync();
        string[] serials = [await IssueAsync(session, "a"), await IssueAsync(session, "a")];

        Result ambiguous = await session.RunAsync("revoke", "a");

        Assert.Equal(ExitCode.Usage, ambiguous.ExitCode);
        Assert.Empty(ambiguous.Output);
        Assert.All(serials, serial => Assert.Contains($"  a  {serial}  ", ambiguous.Error, StringComparison.Ordinal));
        Assert.Contains("hint: say which: NAME --serial NUMBER", ambiguous.Error, StringComparison.Ordinal);
        Assert.Empty(await RevokedAsync(session));

        string hex = OpenSsl.Run("x509", "-in", Path.Combine(session.Certs, "client-cert.pem"), "-noout", "-serial").Trim()["serial=".Length..];
        (await session.RunAsync("revoke", "a", "--serial", string.Join(':', hex.Chunk(2).Select(octet => new string(octet))))).Done();
        Assert.Equal([serials[1]], await RevokedAsync(session));
        (await session.RunAsync("revoke", "--serial", serials[0])).Done();
        Assert.Equal(serials.Order(), (await RevokedAsync(session)).Order());
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("certificateHold")]
    [InlineData("removeFromCRL")]
    public async Task An_unknown_reason_is_wrong_usage_and_lists_the_known_ones(string reason)
    {
        using var session = new Session();

        Result result = await session.RunAsync("revoke", "a", "--reason", reason);

        Assert.Equal(
            new Result(ExitCode.Usage, "", $"error: --reason '{reason}' is unknown\nhint: choose from unspecified, keyCompromise, "
                + "cACompromise, affiliationChanged, superseded, cessationOfOperation, privilegeWithdrawn\n"),
            result);
    }

    [Theory]
    [InlineData("nothing says which certificate to revoke")]
    [InlineData("--serial 'x' is not a serial number", "a", "--serial", "x")]
    public async Task What_names_no_certificate_is_wrong_usage(string message, params string[] arguments)
    {
        using Session session = await new Session().WithCaAsync();

        Result result = await session.RunAsync(["revoke", .. arguments]);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.StartsWith($"error: {message}\nhint: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_issuing_CA_issues_nothing_any_more()
    {
        OpenSsl.IsNeeded();
        using Session session = await new Session().WithCaAsync();
        await IssueAsync(session, "a");

        Result revoked = (await session.RunAsync("revoke", IssuingCa, "--reason", "cACompromise")).Done();
        Result request = await session.RunAsync("request", "--common-name", "b", "--name", "b", "--out", session.Certs);

        Assert.Contains($"{RootCa}.crl, number 2", revoked.Output, StringComparison.Ordinal);
        Assert.Contains($"warning: CA {IssuingCa} was revoked on ", revoked.Error, StringComparison.Ordinal);
        Assert.Contains("it issues nothing any more", revoked.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Refused, request.ExitCode);
        Assert.Contains("was revoked on", request.Error, StringComparison.Ordinal);
        string text = OpenSsl.Run("crl", "-in", Path.Combine(session.Data, "external", $"{RootCa}.crl"), "-inform", "DER", "-noout", "-text");
        Assert.Contains("CA Compromise", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_root_CA_is_refused()
    {
        using Session session = await new Session().WithCaAsync();
        string folder = GitOpsFolder.OfHosts(session.Folder, 0);

        foreach (string[] more in new string[][] { [], ["--folder", folder], ["--folder", folder, "--serial", "7"] })
        {
            Result result = await session.RunAsync(["revoke", RootCa, .. more]);
            Assert.Equal(ExitCode.Refused, result.ExitCode);
            Assert.Contains($"the CA refused: {RootCa} cannot revoke itself", result.Error, StringComparison.Ordinal);
        }

        Assert.Empty(await RevokedAsync(session));
        Assert.Equal(["tls.json"], Directory.EnumerateFiles(folder).Select(Path.GetFileName));
    }

    private static async Task<string> IssueAsync(Session session, string name) => Text(
        (await session.RunAsync("request", "--common-name", name, "--out", session.Certs, "--output", "json")).Done()
            .Json.GetProperty("CertificateInfo"),
        "SerialNumber");

    private static async Task<string[]> RevokedAsync(Session session) =>
        [.. (await session.RunAsync("list", "--revoked", "--output", "json")).Done().Json.GetProperty("Certificates")
            .EnumerateArray().Select(row => Text(row, "SerialNumber"))];

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
