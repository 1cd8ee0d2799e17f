using System.Security.Cryptography.X509Certificates;
using System.Text;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Requests;
using ServerlessCA.Fuzzing.Engine;
using CertificateRequest = ServerlessCA.Core.Requests.CertificateRequest;

namespace ServerlessCA.Fuzzing.Targets;

/// <summary>Makes the targets for what callers send: requests and CSRs.</summary>
internal static class RequestTargets
{
    private const int MaxSigned = 128 * 1024; // twice the largest CSR; what is longer is refused unread

    private static readonly byte[] Info = InfoOf(X500Der("CN=client.example.test,O=Fuzz,C=GB"), []);

    /// <summary>Makes them.</summary>
    public static IEnumerable<FuzzTarget> All()
    {
        byte[] csr = FuzzKey.Sign(Info);
        string pem = Pem.Encode(Pem.RequestLabel, csr);
        var world = new FuzzWorld();
        yield return new FuzzTarget("request-json", input => CheckAnswer(world.Issue(input), input))
        {
            Seeds = [RequestSeed(pem, ""), RequestSeed(pem, """
                ,"lifetime":30,"purposes":["client_auth","server_auth"],"sans":["a.example.test",{"type":"IP_ADDRESS","value":"10.0.0.1"}],
                "country":"GB","organization":"Fuzz","force_issue":true,"cert_bundle":true,"idempotency_token":"t","extensions":[]
                """)],
            Words = Words(
                "common_name", "base64_csr_data", "csr_file", "lifetime", "purposes", "extended_key_usages", "sans", "extensions", "country", "state",
                "locality", "organization", "organizational_unit", "email_address", "force_issue", "cert_bundle", "ca_chain_only", "idempotency_token",
                "notify_expiry", "notify_issued", "DNS_NAME", "IP_ADDRESS", "EMAIL_ADDRESS", "URL", "DIRECTORY_NAME", "\\u0000", "\\ud800", "\\uD83D\\uDE00",
                "true", "null", "-1", "1e400", "99999999999999999999", "[[", "{\"", "\":", "client_auth", "*.example.test", "xn--", "CN=a,O=b"),
        };
        yield return new FuzzTarget("csr-der", input => _ = CertificateSigningRequest.TryParseDer(input, out _, out _)) { Seeds = [csr], Words = Der };
        yield return new FuzzTarget("csr-pem", input => _ = CertificateSigningRequest.TryParsePem(Encoding.Latin1.GetString(input), out _, out _))
        {
            Seeds = [Encoding.ASCII.GetBytes(pem)],
            Words = Words("-----BEGIN CERTIFICATE REQUEST-----", "-----END CERTIFICATE REQUEST-----", "-----BEGIN NEW CERTIFICATE REQUEST-----", "PRIVATE KEY-----", "\r\n", "="),
        };
        var resigned = new FuzzWorld();
        yield return new FuzzTarget("csr-resigned", input => IssueResigned(resigned, input))
        {
            Seeds = [[0, .. Info], .. Names().Select(Parts)],
            Words = Der,
        };
    }

    // The first octet says what follows: a whole to-be-signed part, or a subject and attributes that are put around our key.
    private static void IssueResigned(FuzzWorld world, byte[] input)
    {
        if (input.Length is < 3 or > MaxSigned)
        {
            return;
        }

        byte[] info = (input[0] & 1) == 0 ? input[1..] : OfParts(input.AsSpan(1));
        byte[] csr = FuzzKey.Sign(info);
        bool isAccepted = CertificateSigningRequest.TryParseDer(csr, out CertificateSigningRequest? read, out _);
        if (isAccepted)
        {
            Property.Holds(read!.Der.Span.SequenceEqual(csr), "an accepted CSR is not what was sent");
            CheckAnswer(world.Issue(read.Pem), []);
        }
    }

    private static byte[] OfParts(ReadOnlySpan<byte> parts)
    {
        int subject = Math.Min((parts[0] << 8) | parts[1], parts.Length - 2);
        return InfoOf(parts.Slice(2, subject), parts[(2 + subject)..]);
    }

    private static byte[] Parts(byte[] subject) => [1, (byte)(subject.Length >> 8), (byte)subject.Length, .. subject];

    private static byte[] InfoOf(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> attributes)
    {
        byte[] head = [2, 1, 0, .. subject, .. FuzzKey.SubjectPublicKeyInfo, .. Element(0xA0, attributes)];
        return Element(0x30, head);
    }

    /// <summary>Writes one element of DER.</summary>
    public static byte[] Element(byte tag, ReadOnlySpan<byte> content) => content.Length switch
    {
        < 0x80 => [tag, (byte)content.Length, .. content],
        < 0x100 => [tag, 0x81, (byte)content.Length, .. content],
        < 0x10000 => [tag, 0x82, (byte)(content.Length >> 8), (byte)content.Length, .. content],
        _ => [tag, 0x83, (byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length, .. content],
    };

    private static IEnumerable<byte[]> Names() =>
        ((string[])["CN=client.example.test,O=Fuzz,C=GB", "E=a@example.test,CN=two words", "CN=x,OU=1,OU=2,ST=S,L=L", "DC=test,CN=dc"]).Select(X500Der);

    private static byte[] X500Der(string name) => new X500DistinguishedName(name).RawData;

    // What was issued is read again, by .NET always and by OpenSSL now and then, and is what was asked for.
    private static void CheckAnswer(IssueOutcome outcome, byte[] request)
    {
        if (outcome is IssueOutcome.Refused refused)
        {
            Property.Holds(refused.Why.Message.Length > 0, "a refusal has no message");
        }
        else if (outcome is IssueOutcome.Issued issued)
        {
            using X509Certificate2 certificate = X509Certificate2.CreateFromPem(issued.Record.CertificatePem);
            Property.Holds(certificate.PublicKey.ExportSubjectPublicKeyInfo().Length > 0, "the certificate has no key");
            Property.Holds(Certificate.TryDecodePem(issued.Record.CertificatePem, out Certificate? ours), "our reader refuses our certificate");
            Property.Holds(ours!.SerialNumber == issued.Record.SerialNumber, "another serial number was stored");
            _ = certificate.Subject;
            if (request.Length > 0 && RequestReader.TryParse(request, singleLabels: false, out CertificateRequest? asked, out _) && asked.CommonName is { } name)
            {
                Property.Holds(issued.Record.CommonName == name, "another common name was stored");
            }

            OpenSslSample.Check(issued.Record.CertificatePem);
        }
    }

    private static byte[] RequestSeed(string pem, string more) => Encoding.UTF8.GetBytes(
        $$"""{"common_name":"client.example.test","base64_csr_data":"{{Convert.ToBase64String(Encoding.ASCII.GetBytes(pem))}}"{{more}}}""");

    /// <summary>Makes words of texts.</summary>
    public static IReadOnlyList<byte[]> Words(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Gets words of DER: tags with lengths, and object identifiers.</summary>
    public static IReadOnlyList<byte[]> Der { get; } =
    [
        [0x30, 0x80], [0x30, 0x00], [0x31, 0x0B], [0x30, 0x09], [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], [0xA0, 0x00], [0x04, 0x00], [0x03, 0x01, 0x00],
        [0x0C, 0x02], [0x13, 0x02], [0x1E, 0x02], [0x1C, 0x04], [0x16, 0x01], [0x14, 0x01], [0x06, 0x03, 0x55, 0x04, 0x03], [0x06, 0x03, 0x55, 0x04, 0x06],
        [0x06, 0x03, 0x55, 0x04, 0x0A], [0x06, 0x03, 0x55, 0x1D, 0x11], [0x06, 0x03, 0x55, 0x1D, 0x13],
        Convert.FromHexString("06092A864886F70D01090E"), Convert.FromHexString("06092A864886F70D010907"), Convert.FromHexString("06092A864886F70D010901"),
        Convert.FromHexString("06072A8648CE3D0201"), Convert.FromHexString("06092A864886F70D010101"), Convert.FromHexString("06082A8648CE3D040302"),
        Convert.FromHexString("310B3009060355040613024742"), Convert.FromHexString("311030 0E06035504030C0761622E74657374".Replace(" ", "", StringComparison.Ordinal)),
    ];
}

/// <summary>Asks OpenSSL about one certificate of some thousand, where there is one.</summary>
internal static class OpenSslSample
{
    private const int OneOf = 5_000;
    private static int count;

    /// <summary>Gets how many were asked about.</summary>
    public static int Asked { get; private set; }

    /// <summary>Throws if OpenSSL cannot read it.</summary>
    public static void Check(string pem)
    {
        if (count++ % OneOf != 0 || !File.Exists("/usr/bin/openssl"))
        {
            return;
        }

        Asked++;
        var start = new System.Diagnostics.ProcessStartInfo("/usr/bin/openssl", ["x509", "-noout", "-text"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var openssl = System.Diagnostics.Process.Start(start)!;
        openssl.StandardInput.Write(pem);
        openssl.StandardInput.Close();
        _ = openssl.StandardOutput.ReadToEnd();
        openssl.WaitForExit();
        Property.Holds(openssl.ExitCode == 0, "OpenSSL cannot read the certificate");
    }
}
