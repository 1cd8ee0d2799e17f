using System.Formats.Asn1;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Comparing;
using ServerlessCA.Conformance.Der;
using ServerlessCA.Conformance.Differences;
using ServerlessCA.Conformance.Memory;
using ServerlessCA.Conformance.Running;
using ServerlessCA.Conformance.Scenarios;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using Xunit;

namespace ServerlessCA.Conformance.Wrong;

/// <summary>Tests that a core which signs something else is found out, and where.</summary>
public sealed class WrongCertificateTests
{
    private const string Extensions = ".certificates.cert-3.extensions";

    public static TheoryData<string> Certificates => [.. Edits.Keys];

    private static Dictionary<string, (Func<DerNode, byte[]> Edit, string Path)> Edits { get; } = new()
    {
        ["no key identifier"] = (ForgedDer.WithoutExtension(2), Extensions),
        ["no common name as alternative name"] = (ForgedDer.WithoutExtension(4), Extensions),
        ["keyEncipherment of an EC key"] = (
            ForgedDer.Bytes("0603551D0F0101FF040403020780", "0603551D0F0101FF0404030205A0"), $"{Extensions}[0].value.bits"),
        ["another usage"] = (ForgedDer.Bytes("06082B06010505070302", "06082B06010505070301"), $"{Extensions}[1].value[0]"),
        ["another issuer's address"] = (ForgedDer.Text(".cer", ".crt"), $"{Extensions}[6].value[0][1][1]"),
        ["another CRL's address"] = (
            ForgedDer.Text("issuing-ca-dev.crl", "rooting-ca-dev.crl"), $"{Extensions}[5].value[0].full_name[0][1]"),
        ["another name"] = (
            ForgedDer.Bytes("8213" + Hex("service.example.com"), "8213" + Hex("servicf.example.com")), $"{Extensions}[4].value[0][1]"),
        ["another subject"] = (
            ForgedDer.Bytes("0C13" + Hex("service.example.com"), "0C13" + Hex("servicf.example.com")), ".certificates.cert-3.subject[0][2]"),
        ["another string type"] = (
            ForgedDer.Bytes("0C13" + Hex("service.example.com"), "1313" + Hex("service.example.com")), ".certificates.cert-3.subject[0][1]"),
        ["a second more"] = (ForgedDer.Text("260401102030Z", "260401102031Z"), ".certificates.cert-3.not_after_offset_s"),
        ["version 2"] = (ForgedDer.Bytes("A003020102", "A003020101"), ".certificates.cert-3.version"),
    };

    [Theory]
    [MemberData(nameof(Certificates))]
    public async Task A_wrong_certificate_is_found(string name)
    {
        (Func<DerNode, byte[]> edit, string path) = Edits[name];

        Assert.Contains(path, await FoundAsync(edit, keys => keys.Issuing));
    }

    [Fact]
    public async Task A_certificate_that_is_only_signed_again_is_right() =>
        Assert.Empty(await FoundAsync(content => content.Raw.ToArray(), keys => keys.Issuing));

    [Fact]
    public async Task A_certificate_of_another_key_is_found() =>
        Assert.Contains(".certificates.cert-3.signed_by", await FoundAsync(content => content.Raw.ToArray(), keys => keys.Root));

    [Theory]
    [InlineData(5, ".crls.crl-1.revoked")]
    [InlineData(4, ".crls.crl-1.next_update_offset_s")]
    public async Task A_wrong_CRL_is_found(int left, string path)
    {
        (ExpectedTheme theme, ScenarioCase scenario) = ExpectedTheme.Find("revocation/one");
        JsonNode trace = await Verdicts.TraceAsync(theme, scenario, TestContext.Current.CancellationToken);
        byte[] crl = Convert.FromBase64String(trace["steps"]!.AsArray()[^1]!["s3"]![0]!["body_b64"]!.GetValue<string>());

        trace = await ForgedDer.CrlAsync(trace, crl, ForgedDer.Without(left), Keys(scenario).Issuing);

        Assert.Contains(path, Verdicts.OfTrace(theme, scenario, trace).Unwanted.Select(difference => difference.Path));
    }

    // Paths of what is found in a case that issues one certificate, once that certificate is replaced.
    private static async Task<IEnumerable<string>> FoundAsync(Func<DerNode, byte[]> edit, Func<ScenarioKeys, ICaKey> signer)
    {
        (ExpectedTheme theme, ScenarioCase scenario) = ExpectedTheme.Find("public-crl/cdp-aia");
        JsonNode trace = await Verdicts.TraceAsync(theme, scenario, TestContext.Current.CancellationToken);
        string base64 = trace["steps"]!.AsArray()[^1]!["outcome"]!["return"]!["Base64Certificate"]!.GetValue<string>();

        trace = await ForgedDer.CertificateAsync(
            trace, Encoding.ASCII.GetString(Convert.FromBase64String(base64)), edit, signer(Keys(scenario)));

        return Verdicts.OfTrace(theme, scenario, trace).Unwanted.Select(difference => difference.Path);
    }

    private static ScenarioKeys Keys(ScenarioCase scenario)
    {
        ScenarioSettings settings = new(scenario.Settings);
        return ScenarioKeys.Of(settings.RootKey, settings.IssuingKey);
    }

    private static string Hex(string text) => Convert.ToHexString(Encoding.ASCII.GetBytes(text));
}

/// <summary>Makes certificates and CRLs that say something else, and are signed all the same.</summary>
internal static class ForgedDer
{
    private static readonly Asn1Tag CertificateExtensions = new(TagClass.ContextSpecific, 3); // RFC 5280 §4.1

    /// <summary>Replaces a certificate wherever a raw trace has it: as PEM in base64, once or twice.</summary>
    /// <param name="trace">The raw trace of a case.</param>
    /// <param name="pem">The certificate, as PEM with a final newline.</param>
    /// <param name="edit">Changes what is signed.</param>
    /// <param name="key">Signs it.</param>
    public static async Task<JsonNode> CertificateAsync(JsonNode trace, string pem, Func<DerNode, byte[]> edit, ICaKey key)
    {
        byte[] forged = await SignAsync(Convert.FromBase64String(Pem.Blocks.Match(pem).Groups[2].Value), edit, key);
        string once = Base64(pem);
        string other = Base64(Pem.Block("CERTIFICATE", forged) + "\n");
        return Replaced(trace, (once, other), (Base64(once), Base64(other)), (Base64(Base64(once)), Base64(Base64(other))));
    }

    /// <summary>Replaces a CRL in a raw trace: the DER file and the PEM file.</summary>
    public static async Task<JsonNode> CrlAsync(JsonNode trace, byte[] crl, Func<DerNode, byte[]> edit, ICaKey key)
    {
        byte[] forged = await SignAsync(crl, edit, key);
        return Replaced(
            trace, (Convert.ToBase64String(crl), Convert.ToBase64String(forged)),
            (Base64(Pem.Block("X509 CRL", crl) + "\n"), Base64(Pem.Block("X509 CRL", forged) + "\n")));
    }

    /// <summary>Replaces some bytes of what is signed by others of the same number.</summary>
    public static Func<DerNode, byte[]> Bytes(string hex, string otherHex) => content =>
    {
        string whole = Convert.ToHexString(content.Raw.Span);
        int at = whole.IndexOf(hex, StringComparison.OrdinalIgnoreCase);
        return at >= 0 && at == whole.LastIndexOf(hex, StringComparison.OrdinalIgnoreCase) && hex.Length == otherHex.Length
            ? Convert.FromHexString(string.Concat(whole.AsSpan(0, at), otherHex, whole.AsSpan(at + hex.Length)))
            : throw new ArgumentException($"{hex} is not there exactly once", nameof(hex));
    };

    /// <summary>Replaces text of what is signed.</summary>
    public static Func<DerNode, byte[]> Text(string text, string other) =>
        Bytes(Convert.ToHexString(Encoding.UTF8.GetBytes(text)), Convert.ToHexString(Encoding.UTF8.GetBytes(other)));

    /// <summary>Removes the extension at a position from what is signed of a certificate.</summary>
    public static Func<DerNode, byte[]> WithoutExtension(int position) => content =>
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteAll(writer, content.Children.SkipLast(1));
            using (writer.PushSequence(CertificateExtensions))
            using (writer.PushSequence())
            {
                WriteAll(writer, content.Children[^1].Child(0).Children.Where((_, at) => at != position));
            }
        }

        return writer.Encode();
    };

    /// <summary>Removes the value at a position from what is signed.</summary>
    public static Func<DerNode, byte[]> Without(int position) => content =>
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteAll(writer, content.Children.Where((_, at) => at != position));
        }

        return writer.Encode();
    };

    private static async Task<byte[]> SignAsync(byte[] signed, Func<DerNode, byte[]> edit, ICaKey key)
    {
        SignedDer frame = SignedDer.Read(signed);
        byte[] content = edit(frame.Content);
        byte[] signature = await key.SignAsync(SignedContent.Of(content), CancellationToken.None);
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(content);
            writer.WriteEncodedValue(frame.Algorithm.Raw.Span);
            writer.WriteBitString(signature);
        }

        return writer.Encode();
    }

    private static void WriteAll(AsnWriter writer, IEnumerable<DerNode> values)
    {
        foreach (DerNode value in values)
        {
            writer.WriteEncodedValue(value.Raw.Span);
        }
    }

    private static JsonNode Replaced(JsonNode trace, params (string Text, string Other)[] changes)
    {
        string text = trace.ToJsonString(FormJson.Options);
        return JsonNode.Parse(changes.Aggregate(text, (whole, change) => whole.Replace(change.Text, change.Other, StringComparison.Ordinal)))!;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
