using System.Globalization;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Commands;

/// <summary>Follows a revocation from the first CRL to the last, with openssl as the relying party.</summary>
public sealed class RevocationLifeTests
{
    private const string Crl = "serverless-issuing-ca-dev.crl";

    private static readonly string[] Hosts = ["host000.example.com", "host001.example.com", "host002.example.com"];

    [Fact]
    public async Task Two_of_three_are_revoked_and_refused_until_they_expire_and_leave_the_CRL()
    {
        OpenSsl.IsNeeded();
        var clock = new FixedClock();
        using var session = new Session { Clock = clock };
        string folder = GitOpsFolder.OfHosts(session.Folder, Hosts.Length);
        (await session.RunAsync("run", folder)).Done();
        foreach (string host in Hosts)
        {
            session.Folder.Write($"{host}.pem", (await session.RunAsync("get", host)).Done().Output);
        }

        Assert.Equal(Hosts, Accepted(session, clock.Now.AddMinutes(1)));

        clock.Now = clock.Now.AddMinutes(5);
        (await session.RunAsync("revoke", Hosts[0], "--reason", "keyCompromise")).Done();
        Assert.Equal(Hosts[1..], Accepted(session, clock.Now));
        clock.Now = clock.Now.AddMinutes(5);
        (await session.RunAsync("revoke", Hosts[1], "--reason", "superseded", "--folder", folder)).Done();
        Assert.Equal(Hosts[1..], Accepted(session, clock.Now));
        (await session.RunAsync("run", folder)).Done();

        Assert.Equal(Hosts[2..], Accepted(session, clock.Now));
        Assert.Contains("Key Compromise", CrlText(session), StringComparison.Ordinal);
        Assert.Contains("Superseded", CrlText(session), StringComparison.Ordinal);
        Assert.Equal(2, EntriesOnCrl(session));

        // All have expired: one more CRL names them (RFC 5280 §3.3), the next does not.
        clock.Now = clock.Now.AddDays(400);
        (await session.RunAsync("run")).Done();
        Assert.Equal(2, EntriesOnCrl(session));
        clock.Now = clock.Now.AddHours(1);
        (await session.RunAsync("run")).Done();
        Assert.Equal(0, EntriesOnCrl(session));
        Assert.Contains("none names it: it has expired", (await session.RunAsync("revoke", Hosts[0])).Done().Output, StringComparison.Ordinal);
    }

    // Returns the hosts whose certificates a relying party accepts that checks CRLs.
    private static string[] Accepted(Session session, DateTimeOffset at)
    {
        string time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        string Published(string name) => Path.Combine(session.Data, "external", name);
        return [.. Hosts.Where(host =>
        {
            string[] arguments =
            [
                "verify", "-x509_strict", "-attime", time, "-crl_check", "-CAfile", Published("serverless-root-ca-dev.crt"),
                "-untrusted", Published("serverless-issuing-ca-dev.crt"), "-CRLfile", Published($"{Crl}.pem"), session.Folder.At($"{host}.pem"),
            ];
            (bool accepted, string output) = OpenSsl.Judge(arguments);
            Assert.Contains(accepted ? ": OK" : "certificate revoked", output, StringComparison.Ordinal);
            return accepted;
        })];
    }

    private static int EntriesOnCrl(Session session) => CrlText(session).Split("Serial Number:").Length - 1;

    private static string CrlText(Session session) =>
        OpenSsl.Run("crl", "-in", Path.Combine(session.Data, "external", Crl), "-inform", "DER", "-noout", "-text");
}
