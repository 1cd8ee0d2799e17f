using System.Formats.Asn1;
using CsCheck;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Tests.Certificates;
using Xunit;

namespace ServerlessCA.Core.Tests.Revocation;

public sealed class CertificateRevocationListTests : IDisposable
{
    private const string V2 = "020101";
    private const string Algorithm = "300a06082a8648ce3d040302";
    private const string Issuer = "3000";
    private const string Time = "170d3236303330323130323033305a";
    private const string Head = V2 + Algorithm + Issuer + Time + Time;
    private const string Number = "300a0603551d140403020105";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(Head)]
    [InlineData(Head + "3000")] // no entries, though present
    [InlineData(Head + "30143012020101" + Time)]
    [InlineData(Head + "30223020020101" + Time + "300c300a0603551d1504030a0101")] // a reason
    [InlineData(Head + "30223020020101" + Time + "300c300a0603551d1504030a0100")] // said to be unspecified
    [InlineData(Head + "30283026020101" + Time + "30123010060355042a0409312a2a2a2a2a2a2a2a")] // an extension of others
    [InlineData(Head + "a00e300c" + Number)]
    public void Complete_version_2_CRLs_are_read(string tbs) => Assert.True(TryDecode(tbs));

    [Theory]
    [InlineData(Algorithm + Issuer + Time + Time)] // version 1
    [InlineData("020102" + Algorithm + Issuer + Time + Time)]
    [InlineData(V2 + Algorithm + Issuer + Time)] // no next update
    [InlineData(V2 + Algorithm + Issuer + Time + "0500")]
    [InlineData(Head + "30143012020100" + Time)] // serial number 0
    [InlineData(Head + "301430120201ff" + Time)] // negative
    [InlineData(Head + "3015301302020001" + Time)] // not minimal
    [InlineData(Head + "3028302602" + "15" + "010101010101010101010101010101010101010101" + Time)] // 21 octets
    [InlineData(Head + "30053003020101")] // no date
    [InlineData(Head + "30163014020101" + Time + "0500")] // no extensions
    [InlineData(Head + "30223020020101" + Time + "300c300a0603551d1504030a0106")] // certificateHold
    [InlineData(Head + "30223020020101" + Time + "300c300a0603551d1504030a0107")] // unused
    [InlineData(Head + "30253023020101" + Time + "300f300d0603551d150101ff04030a0101")] // critical
    [InlineData(Head + "a011300f300d0603551d1b0101ff0403020105")] // a delta CRL
    [InlineData(Head + "a00e300c300a0603551d1404030201ff")] // a negative number
    [InlineData(Head + "a00e300c" + Number + "0500")] // something behind
    public void Anything_else_is_refused(string tbs) => Assert.False(TryDecode(tbs));

    [Fact]
    public void A_partial_CRL_of_openssl_is_refused_and_a_complete_one_is_read()
    {
        folder.Write("ca.cnf", """
            [ca]
            default_ca = this
            [this]
            database = index.txt
            crlnumber = number
            default_md = sha256
            default_crl_days = 1
            [complete]
            authorityKeyIdentifier = keyid
            [partial]
            issuingDistributionPoint = critical, @point
            [point]
            fullname = URI:http://example.com/partial.crl
            onlyuser = TRUE
            """);
        folder.Write("index.txt", "R\t270101000000Z\t260302102030Z,keyCompromise\t0A\tunknown\t/CN=x\n");
        folder.Write("number", "2A");
        ForeignProgram.OutputIn(folder.Path, "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "ca.pem", "-subj", "/CN=CA");
        string[] make = ["ca", "-config", "ca.cnf", "-gencrl", "-keyfile", "key.pem", "-cert", "ca.pem"];
        ForeignProgram.OutputIn(folder.Path, "openssl", [.. make, "-crlexts", "complete", "-out", "complete.pem"]);
        ForeignProgram.OutputIn(folder.Path, "openssl", [.. make, "-crlexts", "partial", "-out", "partial.pem"]);

        Assert.True(Core.Certificates.Certificate.TryDecodePem(folder.Read("ca.pem"), out Core.Certificates.Certificate? ca));
        Assert.True(CertificateRevocationList.TryDecode(Der("complete.pem"), out CertificateRevocationList? crl));
        Assert.True(crl.IsSignedBy(ca.PublicKey!));
        Assert.Equal(42, crl.Number);
        Assert.Equal("10", Assert.Single(crl.Entries()).SerialNumber.ToString());
        Assert.False(CertificateRevocationList.TryDecode(Der("partial.pem"), out _));
    }

    [Fact]
    public void Hostile_bytes_never_throw()
    {
        byte[][] good = [Golden.Read("entries.crl"), Golden.Read("empty.crl")];
        Gen.Select(Gen.Int[0, 1], Gen.Int[0, 250], Gen.Byte, Gen.Int[0, 3]).Sample((which, at, octet, how) =>
        {
            byte[] crl = good[which];
            byte[] changed = how switch
            {
                0 => [.. crl[..at], octet, .. crl[(at + 1)..]],
                1 => [.. crl[..at], octet, .. crl[at..]],
                2 => [.. crl[..at], .. crl[(at + 1)..]],
                _ => crl[..at],
            };
            if (CertificateRevocationList.TryDecode(changed, out CertificateRevocationList? read))
            {
                Assert.Equal(read.EntryCount, read.Entries().Count());
            }
        }, iter: 5000);
    }

    private byte[] Der(string file) =>
        Core.Certificates.Pem.TryDecodeOne(folder.Read(file), Core.Certificates.Pem.CrlLabel, out byte[]? der) ? der : [];

    private static bool TryDecode(string tbs)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                // WriteEncodedValue takes one element at a time.
                ReadOnlySpan<byte> rest = Convert.FromHexString(tbs);
                while (!rest.IsEmpty)
                {
                    AsnDecoder.ReadEncodedValue(rest, AsnEncodingRules.BER, out _, out _, out int length);
                    writer.WriteEncodedValue(rest[..length]);
                    rest = rest[length..];
                }
            }

            writer.WriteEncodedValue(Convert.FromHexString(Algorithm));
            writer.WriteBitString([1, 2, 3]);
        }

        return CertificateRevocationList.TryDecode(writer.Encode(), out _);
    }
}
