using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Cli.Tests.Renewing;

public sealed class RenewTests
{
    [Fact]
    public async Task A_renewed_certificate_says_the_same_with_a_new_key_and_replaces_all_files_together()
    {
        OpenSsl.IsNeeded();
        using Session session = await new Session().WithCaAsync();
        (await session.RunAsync(
            "request", "--common-name", "www.example.com", "--organization", "Example Org", "--country", "GB", "--purpose", "server_auth", "--purpose", "client_auth",
            "--eku", "CODE_SIGNING", "--san", "example.com,192.0.2.7,email:a@example.com,url:https://example.com/a", "--san", "dn:CN=alias", "--lifetime", "90",
            "--key-type", "ec-p384", "--name", "server", "--der", "--out", session.Certs)).Done();
        string[] names = ["ca-bundle.pem", "server-combined.pem", "server-key.der", "server-key.pem", "server.der", "server.pem"];
        Dictionary<string, string> before = names.ToDictionary(name => name, name => Content(session, name));

        (await session.RunAsync("renew", Path.Combine(session.Certs, "server.pem"))).Done();

        Assert.Equal(names, Directory.EnumerateFiles(session.Certs).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(names.Where(name => name != "ca-bundle.pem"), name => Assert.NotEqual(before[name], Content(session, name)));
        Certificate earlier = Decode(before["server.pem"]);
        Certificate renewed = Decode(Content(session, "server.pem"));
        Assert.True(earlier.SubjectDer.Span.SequenceEqual(renewed.SubjectDer.Span));
        Assert.Equal(earlier.ExtendedKeyUsages, renewed.ExtendedKeyUsages);
        Assert.True(earlier.Find(ExtensionOids.SubjectAlternativeName)!.IsSameAs(renewed.Find(ExtensionOids.SubjectAlternativeName)!));
        Assert.Equal(earlier.NotAfter - earlier.NotBefore, renewed.NotAfter - renewed.NotBefore);
        Assert.Equal(earlier.PublicKey!.Algorithm, renewed.PublicKey!.Algorithm);
        Assert.False(earlier.PublicKey.IsSameAs(renewed.PublicKey));
        string certificate = Path.Combine(session.Certs, "server.pem");
        OpenSsl.Verify(certificate, Path.Combine(session.Certs, "ca-bundle.pem"));
        Assert.Equal(OpenSsl.Run("pkey", "-in", Path.Combine(session.Certs, "server-key.pem"), "-pubout"), OpenSsl.Run("x509", "-in", certificate, "-noout", "-pubkey"));
        Assert.Equal("600", Modes.Of(Path.Combine(session.Certs, "server-key.pem")));
    }

    [Theory]
    [InlineData("rsa-2048")]
    [InlineData("ed25519")]
    [InlineData("ml-dsa-44")]
    public async Task The_new_key_is_of_the_same_kind(string type)
    {
        using Session session = await new Session().WithCaAsync();
        (await session.RunAsync("request", "--common-name", "a", "--key-type", type, "--out", session.Certs)).Done();
        Certificate earlier = Decode(Content(session, "client-cert.pem"));

        (await session.RunAsync("renew", Path.Combine(session.Certs, "client-cert.pem"))).Done();

        Certificate renewed = Decode(Content(session, "client-cert.pem"));
        Assert.Equal((earlier.PublicKey!.Algorithm, earlier.PublicKey.ModulusBits), (renewed.PublicKey!.Algorithm, renewed.PublicKey.ModulusBits));
        Assert.NotEqual(earlier.SerialNumber, renewed.SerialNumber);
    }

    [Fact]
    public async Task Out_leaves_the_old_files_as_they_are()
    {
        using Session session = await new Session().WithCaAsync();
        (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs)).Done();
        string before = Content(session, "client-cert-combined.pem");

        (await session.RunAsync("renew", Path.Combine(session.Certs, "client-cert-combined.pem"), "--out", session.Folder.At("new"))).Done();

        Assert.Equal(before, Content(session, "client-cert-combined.pem"));
        Assert.NotEqual(before, session.Folder.Read("new", "client-cert-combined.pem"));
        Assert.Single(Certificates(session.Folder.Read("new", "client-cert.pem")));
    }

    [Fact]
    public async Task A_certificate_with_its_chain_gets_its_chain_again()
    {
        using Session session = await new Session().WithCaAsync();
        (await session.RunAsync("request", "--common-name", "a", "--cert-bundle", "--out", session.Certs)).Done();

        (await session.RunAsync("renew", Path.Combine(session.Certs, "client-cert.pem"))).Done();

        Assert.Equal(3, Certificates(Content(session, "client-cert.pem")).Length);
    }

    [Fact]
    public async Task If_needed_does_nothing_before_it_is_due_and_renews_then()
    {
        var clock = new FixedClock();
        using Session session = await new Session { Clock = clock }.WithCaAsync();
        (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs)).Done();
        string certificate = Path.Combine(session.Certs, "client-cert.pem");
        string before = Content(session, "client-cert.pem");

        Result early = (await session.RunAsync("renew", certificate, "--if-needed", "--output", "json")).Done();

        Assert.False(early.Json.GetProperty("Needed").GetBoolean());
        Assert.Equal(before, Content(session, "client-cert.pem"));

        clock.Now = clock.Now.AddDays(25);
        (await session.RunAsync("renew", certificate, "--if-needed")).Done();
        Assert.NotEqual(before, Content(session, "client-cert.pem"));
    }

    [Fact]
    public async Task An_encrypted_key_is_not_replaced_by_one_that_is_not()
    {
        using Session session = await new Session().WithCaAsync();
        session.Variables["PASS"] = "secret for tests";
        (await session.RunAsync("request", "--common-name", "a", "--key-passphrase-env", "PASS", "--pkcs12", "--out", session.Certs)).Done();
        string certificate = Path.Combine(session.Certs, "client-cert.pem");
        byte[] store = File.ReadAllBytes(Path.Combine(session.Certs, "client-cert.p12"));

        Result refused = await session.RunAsync("renew", certificate);

        Assert.Equal(ExitCode.Usage, refused.ExitCode);
        Assert.Contains("is encrypted, and the new key would not be", refused.Error, StringComparison.Ordinal);
        (await session.RunAsync("renew", certificate, "--key-passphrase-env", "PASS")).Done();
        Assert.NotEqual(store, File.ReadAllBytes(Path.Combine(session.Certs, "client-cert.p12")));
        Assert.Contains("BEGIN ENCRYPTED PRIVATE KEY", Content(session, "client-cert-key.pem"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("client-cert.pem", "", "--out", "new")]
    [InlineData("client-cert.pem", "", "--name", "new")]
    [InlineData("client-cert-combined.pem", "client-cert-key.pem", "--out", "new")]
    [InlineData("client-cert.pem", "client-cert-key.pem", "--name", "new")]
    public async Task Nor_is_its_renewal_written_unencrypted_to_another_place(string file, string removed, string option, string value)
    {
        using Session session = await new Session().WithCaAsync();
        session.Variables["PASS"] = "secret for tests";
        (await session.RunAsync("request", "--common-name", "a", "--key-passphrase-env", "PASS", "--out", session.Certs)).Done();
        if (removed.Length > 0)
        {
            File.Delete(Path.Combine(session.Certs, removed));
        }

        string[] renew = ["renew", Path.Combine(session.Certs, file), option, option == "--out" ? session.Folder.At(value) : value];
        Result refused = await session.RunAsync(renew);

        Assert.Equal(ExitCode.Usage, refused.ExitCode);
        Assert.Contains("is encrypted, and the new key would not be", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(session.Folder.At("new")));
        Assert.False(File.Exists(Path.Combine(session.Certs, "new.pem")));
        (await session.RunAsync([.. renew, "--key-passphrase-env", "PASS"])).Done();
    }

    [Fact]
    public async Task A_served_CA_renews_as_a_local_one()
    {
        using Session session = await new Session().WithCaAsync();
        await using BackgroundCommand served = await BackgroundCommand.ServeAsync(session);
        (await session.RunRawAsync("request", "--common-name", "a", "--out", session.Certs, "--ca", served.Url)).Done();
        string before = Content(session, "client-cert.pem");

        (await session.RunRawAsync("renew", Path.Combine(session.Certs, "client-cert.pem"), "--ca", served.Url)).Done();

        Assert.NotEqual(before, Content(session, "client-cert.pem"));
    }

    [Theory]
    [InlineData("server.crt", "is not named as 'request' names certificates")]
    [InlineData("root.pem", "it is the certificate of a CA")]
    [InlineData("nothing.pem", "holds no certificate")]
    public async Task What_cannot_be_renewed_is_said_and_left(string name, string message)
    {
        using Session session = await new Session().WithCaAsync();
        string content = name switch
        {
            "nothing.pem" => "nothing",
            "root.pem" => (await session.RunAsync("get", "serverless-root-ca-dev")).Done().Output,
            _ => await CertificateAsync(session),
        };
        session.Folder.Write($"certs/{name}", content);

        Result result = await session.RunAsync("renew", Path.Combine(session.Certs, name));

        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.True(result.ExitCode is ExitCode.Fault or ExitCode.Usage);
        Assert.Equal([name], Directory.EnumerateFiles(session.Certs).Select(Path.GetFileName));
    }

    internal static async Task<string> CertificateAsync(Session session, string name = "a")
    {
        string folder = session.Folder.At($"of-{name}");
        (await session.RunAsync("request", "--common-name", name, "--out", folder)).Done();
        return await File.ReadAllTextAsync(Path.Combine(folder, "client-cert.pem"));
    }

    private static string Content(Session session, string name) => Convert.ToHexString(File.ReadAllBytes(Path.Combine(session.Certs, name))) is var hex && name.EndsWith(".pem", StringComparison.Ordinal)
        ? System.Text.Encoding.ASCII.GetString(Convert.FromHexString(hex))
        : hex;

    private static string[] Certificates(string pem) => [.. pem.Split("-----BEGIN CERTIFICATE-----").Skip(1)];

    private static Certificate Decode(string pem)
    {
        Assert.True(Certificate.TryDecodePem(pem, out Certificate? certificate));
        return certificate;
    }
}
