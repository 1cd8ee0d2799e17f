using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Fuzzing.Engine;

namespace ServerlessCA.Fuzzing.Targets;

/// <summary>Is an input as large as inputs may be, made to cost much. Immutable.</summary>
/// <param name="What">What it is full of.</param>
/// <param name="Bytes">The input.</param>
internal sealed record LargestInput(string What, byte[] Bytes);

/// <summary>Makes inputs of 1 MiB for each target: one long value, many small ones, deep ones, and what is costly to read.</summary>
internal static class LargestInputs
{
    private const int Size = Mutator.MaxLength;

    /// <summary>Makes those of a target; none for <c>http</c>, whose cost falls to other threads.</summary>
    public static IReadOnlyList<LargestInput> Of(string target) => target switch
    {
        "request-json" or "tls-list" => [.. Json(target == "tls-list"), .. Requests(target == "tls-list")],
        "csr-der" or "certificate-der" or "names-der" => Der(),
        "csr-resigned" => [.. Resigned()],
        "csr-pem" => Pems(),
        "names" => [.. Names(), .. DnTexts()],
        "dn-text" => [.. DnTexts(), .. Names()],
        "revoked-list" => [.. Json(isList: true), .. RevokedLists()],
        "settings" => [.. Json(isList: false), .. Settings()],
        "variables" => [.. Packed()],
        "notifications" =>
        [
            .. Json(isList: false, PayloadLimit.TopicBytes), Filled("one subject", "{\"Subject\":\"", "<&>", "\"}", PayloadLimit.TopicBytes),
            Filled("backticks", "{\"Reason\":\"", "```", "\"}", PayloadLimit.TopicBytes), Filled("no JSON", "", "<!channel> ", "", PayloadLimit.TopicBytes),
        ],
        "table-items" => [.. Json(isList: false), Filled("list of texts", "{\"ExpiryReminders\":{\"L\":[{\"S\":\"2030-01-01 00:00:00\"}", ",{\"S\":\"2030-01-01 00:00:00\"}", "]}}"), Filled("certificate", "{\"Certificate\":{\"B\":\"", "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0t", "\"}}")],
        "http-parts" => [.. Json(isList: false), Filled("CSRs", "{\"tls.json\":\"[]\",\"csrs\":{\"a\":\"\"", ",\"a\":\"\"", "}}"), Filled("ARN", "arn:aws", "-a", ":lambda:x")],
        _ => [],
    };

    private static IEnumerable<LargestInput> Json(bool isList, int size = Size)
    {
        (string open, string close) = isList ? ("[", "]") : ("{\"x\":[", "]}");
        yield return Filled("numbers", open + "0", ",0", close, size);
        yield return Filled("empty lists", open + "[]", ",[]", close, size);
        yield return Filled("objects", open + "{}", ",{\"a\":0}", close, size);
        yield return Filled("one text", open + "\"", "a", "\"" + close, size);
        yield return Filled("one text of escapes", open + "\"", "\\u00e9", "\"" + close, size);
        yield return Filled("nesting", "", isList ? "[" : "{\"a\":", "", size);
        yield return Filled("nothing but white space", "", " ", "", size);
        yield return Filled("members", isList ? "[{\"a\":0" : "{\"a\":0", ",\"a\":0", isList ? "}]" : "}", size);
        yield return Filled("different members", isList ? "[{\"a\":0" : "{\"a\":0", at => $",\"{at}\":0", isList ? "}]" : "}", size);
        yield return Filled("lines", open + "0", ",\n0", close, size);
    }

    private static IEnumerable<LargestInput> Requests(bool isList)
    {
        (string open, string close) = isList ? ("[{", "}]") : ("{", "}");
        yield return Filled("base64 of a CSR", open + "\"common_name\":\"a.test\",\"base64_csr_data\":\"", "AAAA", "\"" + close);
        yield return Filled("DNS names", open + "\"common_name\":\"a.test\",\"sans\":[\"a.b\"", ",\"a.test\"", "]" + close);
        yield return Filled("5,000 long DNS names", open + "\"common_name\":\"a.test\",\"sans\":[\"a.b\"", $",\"{string.Concat(Enumerable.Repeat("a.", 97))}test\"", "]" + close);
        yield return Filled("international names", open + "\"common_name\":\"a.test\",\"sans\":[\"a.b\"", ",\"bücher.test\"", "]" + close);
        yield return Filled("one DNS name", open + "\"common_name\":\"a.test\",\"sans\":[\"", "a.", "test\"]" + close);
        yield return Filled("addresses", open + "\"common_name\":\"a.test\",\"sans\":{\"IP_ADDRESS\":[\"::1\"", ",\"::1\"", "]}" + close);
        yield return Filled("directory names", open + "\"common_name\":\"a.test\",\"sans\":{\"DN\":[\"CN=a\"", $",\"{string.Concat(Enumerable.Repeat("O=a,", 49))}CN=a\"", "]}" + close);
        yield return Filled("a directory name", open + "\"common_name\":\"a.test\",\"sans\":{\"DN\":[\"CN=a", ",O=b", "\"]}" + close);
        yield return Filled("kinds of names", open + "\"common_name\":\"a.test\",\"sans\":{\"a\":\"b\"", at => $",\"{at}\":\"b\"", "}" + close);
        yield return Filled("usages", open + "\"common_name\":\"a.test\",\"extended_key_usages\":[\"1.2.3\"", ",\"1.2.3\"", "]" + close);
        yield return Filled("one usage", open + "\"common_name\":\"a.test\",\"extended_key_usages\":[\"1.2", ".3", "\"]" + close);
        yield return Filled("extensions", open + "\"common_name\":\"a.test\",\"extensions\":[{\"oid\":\"1.2.3\"}", ",{\"oid\":\"1.2.3\"}", "]" + close);
        yield return Filled("an extension", open + "\"common_name\":\"a.test\",\"extensions\":[{\"oid\":\"1.3.6.1.4.1.99999.1\",\"value_b64\":\"", "MAAw", "\"}]" + close);
        yield return Filled("a lifetime", open + "\"common_name\":\"a.test\",\"lifetime\":1", "0", close);
        yield return Filled("a lifetime as text", open + "\"common_name\":\"a.test\",\"lifetime\":\"1", "_0", "\"" + close);
        if (isList)
        {
            yield return Filled("entries", "[{\"common_name\":\"a.test\",\"csr_file\":\"a\"}", ",{\"common_name\":\"a.test\",\"csr_file\":\"a\"}", "]");
            yield return Filled("different entries", "[{\"common_name\":\"a.test\",\"csr_file\":\"a\"}", at => $",{{\"common_name\":\"a{at}.test\",\"csr_file\":\"a{at}\"}}", "]");
        }
        else
        {
            yield return Filled("one common name", "{\"common_name\":\"", "a", "\"}");
        }
    }

    private static IEnumerable<LargestInput> RevokedLists()
    {
        yield return Filled("entries", "[{\"serial_number\":\"1\"}", ",{\"serial_number\":\"1\"}", "]");
        yield return Filled("different entries", "[{\"serial_number\":\"1\"}", at => $",{{\"common_name\":\"a{at}\",\"serial_number\":\"{at}\"}}", "]");
        yield return Filled("entries of a number", "[{\"serial_number\":1}", at => $",{{\"serial_number\":{at}}}", "]");
        yield return Filled("entries of long numbers", "[{\"serial_number\":1}", at => $",{{\"serial_number\":\"{Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(at)).AsSpan(0, 19))}\"}}", "]");
        yield return Filled("entries with notes", "[{\"serial_number\":1}", at => $",{{\"serial_number\":{at},\"note\":0}}", "]");
        yield return Filled("entries with different notes", "[{\"serial_number\":1", at => at % 90 == 89 ? $"}},{{\"serial_number\":{at}" : $",\"n{at}\":0", "}]");
        yield return Filled("objects of one member", "[{\"a\":0}", ",{\"a\":0}", "]");
        yield return Filled("one serial number", "[{\"serial_number\":\"1", "7", "\"}]");
        yield return Filled("a hexadecimal serial number", "[{\"serial_number\":\"0x1", ":ab", "\"}]");
        yield return Filled("a serial number that is no text", "[{\"serial_number\":1", "7", "}]");
        yield return Filled("one common name", "[{\"serial_number\":\"1\",\"common_name\":\"", "ß", "\"}]");
        yield return Filled("wrong entries", "[{\"serial_number\":\"x\"}", ",{\"serial_number\":\"x\"}", "]");
    }

    private static IEnumerable<LargestInput> Settings()
    {
        yield return Filled("policies", "{\"request_policies\":{\"a\":{}", ",\"a\":{}", "}}");
        yield return Filled("different policies", "{\"request_policies\":{\"a\":{}", at => $",\"p{at}\":{{\"common_names\":[\"*.a.test\"]}}", "}}");
        yield return Filled("patterns", "{\"request_policies\":{\"a\":{\"common_names\":[\"a\"", ",\"*.a\"", "]}}}");
        yield return Filled("patterns of alternative names", "{\"request_policies\":{\"a\":{\"common_names\":[\"a\"],\"sans\":[\"*\"", ",\"URL:*\"", "]}}}");
        yield return Filled("usages", "{\"request_policies\":{\"a\":{\"common_names\":[\"a\"],\"usages\":[\"*\"", ",\"1.2\"", "]}}}");
        yield return Filled("extensions", "{\"custom_extension_allowlist\":[\"1.2.3\"", ",\"1.2.3\"", "]}");
        yield return Filled("name constraints", "{\"issuing_ca_name_constraints\":{\"permitted\":[\"DNS:a\"", ",\"DNS:a\"", "]}}");
        yield return Filled("the name of a CA", "{\"root_ca_info\":{\"commonName\":\"", "a", "\"}}");
    }

    // Less than the 4 KB of all variables, and 1 MiB when it is unpacked.
    private static IEnumerable<LargestInput> Packed()
    {
        foreach (LargestInput input in (LargestInput[])[Filled("packed policies", "{\"a\":{}", ",\"a\":{}", "}"), Filled("packed lists", "[[]", ",[]", "]"), Filled("a packed text", "\"", "a", "\"")])
        {
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            {
                gzip.Write(input.Bytes);
            }

            yield return input with { Bytes = Encoding.ASCII.GetBytes($"REQUEST_POLICIES={Convert.ToBase64String(packed.ToArray())}") };
        }
    }

    // As much as a CSR may be long: 64 KiB.
    private static IEnumerable<LargestInput> Resigned()
    {
        byte[] rdn = [0x31, 0x0B, 0x30, 0x09, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0C, 0x02, 0x61, 0x62];
        const int Subject = 65_000;
        foreach ((string what, byte[] subject) in ((string, byte[])[])[
            ("relative names", RequestTargets.Element(0x30, Repeated(rdn, Subject))),
            ("attributes of one relative name", RequestTargets.Element(0x30, RequestTargets.Element(0x31, Repeated(rdn.AsSpan(2), Subject)))),
            ("one long value", RequestTargets.Element(0x30, RequestTargets.Element(0x31, RequestTargets.Element(0x30, [.. rdn.AsSpan(4, 5), .. RequestTargets.Element(0x0C, Repeated("é"u8.ToArray(), Subject))])))),
            ("zeros", new byte[Subject])])
        {
            yield return new LargestInput($"a subject of {what}", [1, (byte)(subject.Length >> 8), (byte)subject.Length, .. subject]);
        }
    }

    private static IEnumerable<LargestInput> Names()
    {
        yield return Filled("one label", "", "a", "");
        yield return Filled("labels", "", "a.", "test");
        yield return Filled("international labels", "", "ü.", "test");
        yield return Filled("one international label", "", "ü", "");
        yield return Filled("letters that fold", "", "\u212A", "");
        yield return Filled("dots", "", ".", "");
        yield return Filled("stars", "*", ".*", "");
        yield return Filled("local part", "", "a.", "a@example.test");
        yield return Filled("quoted local part", "\"", "\\.", "\"@example.test");
        yield return Filled("URL", "https://example.test/", "%41", "");
        yield return Filled("host of a URL", "https://", "a.", "example.test/");
        yield return Filled("IPv6", "", "0:", ":1");
        yield return Filled("IPv4", "", "1.", "1");
        yield return Filled("serial number", "0x", "0f:", "1");
        yield return Filled("digits", "1", "0", "");
        yield return Filled("white space", "", "\t ", "");
    }

    private static IEnumerable<LargestInput> DnTexts()
    {
        yield return Filled("attributes", "CN=a", ",O=b", "");
        yield return Filled("attributes of one relative name", "CN=a", "+O=b", "");
        yield return Filled("one value", "CN=", "a", "");
        yield return Filled("escapes", "CN=", "\\,", "");
        yield return Filled("hex pairs", "CN=", "\\C3\\A9", "");
        yield return Filled("quoted", "CN=\"", "a,", "\"");
        yield return Filled("hexadecimal", "CN=#0c84000fffff", "41", "");
        yield return Filled("unknown attributes", "CN=a", at => $",1.2.{at}=b", "");
        yield return Filled("equal signs", "", "=", "");
        yield return Filled("spaces", "CN=a", " ", "");
    }

    private static IReadOnlyList<LargestInput> Der()
    {
        byte[] integers = Repeated([2, 1, 0], Size);
        byte[] deep = new byte[Size];
        for (int at = 0; at + 5 <= Size; at += 5)
        {
            int length = Size - at - 5;
            new byte[] { 0x30, 0x83, (byte)(length >> 16), (byte)(length >> 8), (byte)length }.CopyTo(deep, at);
        }

        byte[] rdn = [0x31, 0x0B, 0x30, 0x09, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0C, 0x02, 0x61, 0x62];
        byte[] whole = FuzzKey.Sign(RequestTargets.Element(0x30, [2, 1, 0, .. RequestTargets.Element(0x30, Repeated(rdn, Size - 400)), .. FuzzKey.SubjectPublicKeyInfo, 0xA0, 0]));
        byte[] extension = Convert.FromHexString("300906032A03040402" + "0500");
        byte[] attribute = [.. Convert.FromHexString("06092A864886F70D01090E"), .. RequestTargets.Element(0x31, RequestTargets.Element(0x30, Repeated(extension, Size - 400)))];
        byte[] extensions = FuzzKey.Sign(RequestTargets.Element(0x30, [2, 1, 0, 0x30, 0, .. FuzzKey.SubjectPublicKeyInfo, .. RequestTargets.Element(0xA0, RequestTargets.Element(0x30, attribute))]));
        return
        [
            new("integers", RequestTargets.Element(0x30, integers.AsSpan(0, Size - 6))), new("nesting", deep), new("zeros", new byte[Size]), new("indefinite lengths", Repeated([0x30, 0x80], Size)),
            new("relative names", RequestTargets.Element(0x30, Repeated(rdn, Size - 20))),
            new("attributes of one relative name", RequestTargets.Element(0x30, RequestTargets.Element(0x31, Repeated(rdn.AsSpan(2), Size - 20)))),
            new("one long value", RequestTargets.Element(0x30, RequestTargets.Element(0x31, RequestTargets.Element(0x30, [.. rdn.AsSpan(4, 5), .. RequestTargets.Element(0x0C, Repeated("é"u8.ToArray(), Size - 40))])))),
            new("a CSR of many names", whole), new("a CSR of many extensions", extensions),
            .. SomeDer.Large(Size - 1024).Select((der, at) => new LargestInput(at == 0 ? "a certificate of many names" : "a CRL of many entries", der)),
        ];
    }

    private static IReadOnlyList<LargestInput> Pems()
    {
        string begin = $"-----BEGIN {Pem.RequestLabel}-----\n", end = $"\n-----END {Pem.RequestLabel}-----\n";
        return
        [
            Filled("one line", begin, "AAAA", end), Filled("short lines", begin, "AAAA\n", end), Filled("spaces", begin, "    ", end), Filled("dashes", "", "-", ""),
            Filled("beginnings", "", begin, ""), Filled("whole blocks", "", $"{begin}AAAA{end}", ""), Filled("text before", "", "x: y\n", $"{begin}AAAA{end}"), Filled("headers", begin, "a: b\n", end),
            Filled("equal signs", begin, "=", end), Filled("line ends", "", "\r\n", ""),
            .. Der().Where(input => input.What.StartsWith("a CSR", StringComparison.Ordinal)).Select(input => input with { Bytes = Encoding.ASCII.GetBytes(Pem.Encode(Pem.RequestLabel, input.Bytes.AsSpan(0, Size / 4 * 3 / 65 * 64))) }),
        ];
    }

    private static LargestInput Filled(string what, string begin, string part, string end, int size = Size) => Filled(what, begin, _ => part, end, size);

    private static LargestInput Filled(string what, string begin, Func<int, string> part, string end, int size = Size)
    {
        var text = new MemoryStream();
        text.Write(Encoding.UTF8.GetBytes(begin));
        byte[] last = Encoding.UTF8.GetBytes(end);
        for (int at = 0; ; at++)
        {
            byte[] next = Encoding.UTF8.GetBytes(part(at));
            if (text.Length + next.Length + last.Length > size)
            {
                break;
            }

            text.Write(next);
        }

        text.Write(last);
        return new LargestInput(what, text.ToArray());
    }

    private static byte[] Repeated(ReadOnlySpan<byte> part, int length)
    {
        byte[] whole = new byte[length / part.Length * part.Length];
        for (int at = 0; at < whole.Length; at++)
        {
            whole[at] = part[at % part.Length];
        }

        return whole;
    }
}
