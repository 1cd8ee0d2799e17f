using System.Formats.Asn1;
using System.Net;
using CsCheck;
using ServerlessCA.Core.Names;
using Xunit;

namespace ServerlessCA.Core.Tests.Names;

/// <summary>Names of others as texts.</summary>
public sealed class GeneralNamesTests
{
    [Fact]
    public void Names_are_written_with_their_types()
    {
        GeneralName[] names =
        [
            .. from name in (string[])["DNS_NAME www.example.com", "IP_ADDRESS 192.0.2.7", "IP_ADDRESS 2001:db8::7", "EMAIL_ADDRESS a@example.com", "URL https://example.com/", "DN CN=a"]
               let parts = name.Split(' ', 2)
               select GeneralName.TryParse(parts[0], parts[1], out GeneralName? parsed, out _) ? parsed : null!,
        ];

        var reader = new AsnReader(SubjectAlternativeName.Encode(names), AsnEncodingRules.DER);

        Assert.Equal(names.Select(name => $"{name.Type} {name.Text}"), GeneralNames.Read(reader.ReadSequence()));
    }

    [Theory]
    [InlineData("8203fc2e63", "DNS_NAME ü.c")] // no IA5String, and shown as such
    [InlineData("8703010203", "IP_ADDRESS 010203")]
    [InlineData("8803550403", "[8] 8803550403")]
    public void Names_that_are_none_are_shown_as_they_are(string der, string text) =>
        Assert.Equal(text, GeneralNames.ReadOne(new AsnReader(Convert.FromHexString(der), AsnEncodingRules.DER)));

    /// <summary>The platform writes addresses as RFC 5952 has it, but for the form that maps IPv4.</summary>
    [Fact]
    public void Addresses_are_written_as_the_platform_writes_them() =>
        Gen.OneOf(Gen.Byte.Array[16], Gen.Int[0, 1].Select(zero => (byte)(zero * 0x1f)).Array[16], Gen.Byte.Array[4])
            .Where(octets => octets.Length == 4 || octets.AsSpan(0, 10).ContainsAnyExcept((byte)0))
            .Where(octets => octets.Length == 4 || !IsEmbedding(octets))
            .Sample(octets =>
            {
                byte[] der = [0x87, (byte)octets.Length, .. octets];
                Assert.Equal($"IP_ADDRESS {new IPAddress(octets)}", GeneralNames.ReadOne(new AsnReader(der, AsnEncodingRules.DER)));
            });

    // ISATAP addresses end in IPv4 notation on this platform alone.
    private static bool IsEmbedding(byte[] octets) => octets[10] == 0x5e && octets[11] == 0xfe;
}
