using System.Formats.Asn1;
using System.Text;
using System.Text.Json;
using ServerlessCA.Cli.Decoding;
using ServerlessCA.Cli.Output;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Decoding;

/// <summary>Tests inputs that are made to keep <c>decode</c> busy: the work stays in proportion to their size.</summary>
public sealed class HostileDecodeTests
{
    private const int Size = 4 << 20;

    private static readonly string Pem = Core.Certificates.Pem.Encode("CERTIFICATE", File.ReadAllBytes(Repository.At("tests", "golden", "x509", "end-entity.der")));

    public static TheoryData<string> Entangled => new("texts that begin like JSON", "base64 in base64", "one text that ends nowhere");

    [Theory]
    [MemberData(nameof(Entangled))]
    public async Task What_would_take_too_long_is_given_up(string kind)
    {
        using var session = new Session();
        session.Folder.Write("input", kind switch
        {
            "texts that begin like JSON" => JsonSerializer.Serialize(Enumerable.Repeat(new string('{', 100), Size / 104)),
            "base64 in base64" => Wrapped(8),
            _ => new string('[', 60) + '"' + new string('a', Size),
        });

        Result result = await session.RunRawAsync("decode", session.Folder.At("input"));

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Equal(
            "error: the input is too entangled: looking through all of it would take too long\nhint: give the part that holds the certificate, alone\n", result.Error);
    }

    [Fact]
    public void Effort_grows_with_the_input_and_no_faster()
    {
        foreach (int size in (int[])[1 << 20, 1 << 24])
        {
            var effort = new Effort(size);
            effort.Spend(Math.Max(4 << 20, size * 24L));
            Assert.Throws<CommandFault>(() => effort.Spend(1));
        }
    }

    [Fact]
    public async Task A_large_dump_of_the_table_is_decoded_whole()
    {
        using var session = new Session();
        string once = Convert.ToBase64String(Encoding.ASCII.GetBytes(Pem));
        string twice = Convert.ToBase64String(Encoding.ASCII.GetBytes(once));
        IEnumerable<object> items = Enumerable.Range(0, 2_000).Select(i => new { CommonName = new { S = $"{{{i}}}" }, Certificate = new { B = twice } });
        session.Folder.Write("input", JsonSerializer.Serialize(new { Items = items }));

        Assert.Equal(Pem, (await session.RunRawAsync("decode", session.Folder.At("input"))).Done().Output);
    }

    [Fact]
    public async Task A_certificate_with_very_many_names_is_shown_whole()
    {
        using var session = new Session();
        File.WriteAllBytes(session.Folder.At("input"), WithNames(100_000));

        string[] lines = (await session.RunRawAsync("decode", "--text", session.Folder.At("input"))).Done().Output.Split('\n');

        Assert.Contains("Alternative names  DNS_NAME n0.example.com", lines);
        Assert.Contains("                   DNS_NAME n99999.example.com", lines);
    }

    [Fact]
    public async Task A_large_table_looks_as_a_small_one_does()
    {
        TextTable Table() => new TextTable("name", "serial number", "end").Add("Müller", "1", "soon").Add("a", "", "").Add("e\u0301", "", "x\u001b");
        using var output = new StringWriter();
        await using var error = new StringWriter();
        new Terminal(output, error, TerminalTraits.Plain).WriteTable(Table());

        Assert.Equal(output.ToString(), LargeTable.Render(Table(), gap: 2));
        Assert.False(LargeTable.Is(Table()));
        Assert.True(LargeTable.Is(Table().Add(new string('a', 40_000), "", "")));
    }

    private static string Wrapped(int layers)
    {
        string text = $"-----BEGIN {string.Concat(Enumerable.Repeat("x y ", Size / 40))}";
        for (int i = 0; i < layers; i++)
        {
            text = $"-----BEGIN a b\n\n{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}\n\n!";
        }

        return text;
    }

    // A real certificate with a longer list of names. Its signature no longer fits, which decoding does not check.
    private static byte[] WithNames(int count)
    {
        var names = new AsnWriter(AsnEncodingRules.DER);
        using (names.PushSequence())
        {
            for (int i = 0; i < count; i++)
            {
                names.WriteCharacterString(UniversalTagNumber.IA5String, $"n{i}.example.com", new Asn1Tag(TagClass.ContextSpecific, 2));
            }
        }

        AsnReader certificate = new AsnReader(File.ReadAllBytes(Repository.At("tests", "golden", "x509", "end-entity.der")), AsnEncodingRules.DER).ReadSequence();
        AsnReader tbs = certificate.ReadSequence();
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                var extensions = new Asn1Tag(TagClass.ContextSpecific, 3);
                while (tbs.HasData && !tbs.PeekTag().HasSameClassAndValue(extensions))
                {
                    writer.WriteEncodedValue(tbs.ReadEncodedValue().Span);
                }

                using (writer.PushSequence(extensions))
                using (writer.PushSequence())
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier("2.5.29.17");
                    writer.WriteOctetString(names.Encode());
                }
            }

            while (certificate.HasData)
            {
                writer.WriteEncodedValue(certificate.ReadEncodedValue().Span);
            }
        }

        return writer.Encode();
    }
}
