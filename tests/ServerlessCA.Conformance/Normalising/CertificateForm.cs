using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;
using ServerlessCA.Conformance.Der;

namespace ServerlessCA.Conformance.Normalising;

/// <summary>Describes a certificate field by field, without what is random in it.</summary>
internal static class CertificateForm
{
    private const int LargestSerialOctets = 20; // RFC 5280 §4.1.2.2

    public static JsonObject Of(Labelled<CertificateDer> labelled, Describer describer)
    {
        CertificateDer certificate = labelled.Value;
        JsonObject form = new() { ["version"] = certificate.Version, ["serial"] = Serial(certificate) };
        Append(form, describer.Signature(certificate.Frame, certificate.InnerAlgorithm));
        Append(form, describer.Issuer(certificate.Issuer));
        form["subject"] = NameForm.Of(certificate.Subject);
        form["not_before_offset_s"] = labelled.FirstSeen.SecondsUntil(certificate.NotBefore.At);
        form["not_after_offset_s"] = labelled.FirstSeen.SecondsUntil(certificate.NotAfter.At);
        form["time_types"] = new JsonArray(certificate.NotBefore.Type, certificate.NotAfter.Type);
        JsonObject key = KeyForm.Of(certificate.KeyInfo);
        key["is"] = describer.KeyName(certificate.KeyInfo.Raw);
        form["public_key"] = key;
        form["extensions"] = describer.Extensions(certificate.Extensions, certificate.KeyInfo.Raw);
        if (certificate.OtherFields.Count > 0)
        {
            form["other_fields"] = new JsonArray([.. certificate.OtherFields.Select(tag => (JsonNode)tag)]);
        }

        return form;
    }

    private static JsonObject Serial(CertificateDer certificate) => new()
    {
        ["positive"] = certificate.Serial.Sign > 0,
        ["at_most_20_octets"] = certificate.SerialOctets <= LargestSerialOctets,
        ["over_64_bits"] = System.Numerics.BigInteger.Abs(certificate.Serial).GetBitLength() > 64,
    };

    private static void Append(JsonObject form, IEnumerable<KeyValuePair<string, JsonNode?>> fields)
    {
        foreach (KeyValuePair<string, JsonNode?> field in fields)
        {
            form.Add(field);
        }
    }
}

/// <summary>Describes a CRL field by field, without what is random in it.</summary>
internal static class CrlForm
{
    public static JsonObject Of(Labelled<CrlDer> labelled, Describer describer)
    {
        CrlDer crl = labelled.Value;
        BigInteger[] serials = [.. (crl.Revoked ?? []).Select(entry => entry.Serial)];
        JsonArray extensions = describer.Extensions(crl.Extensions);
        JsonObject form = new() { ["version"] = crl.Version };
        foreach (KeyValuePair<string, JsonNode?> field in
            describer.Signature(crl.Frame, crl.InnerAlgorithm).Concat(describer.Issuer(crl.Issuer)))
        {
            form.Add(field);
        }

        form["number"] = extensions.FirstOrDefault(found => found!["oid"]!.GetValue<string>() == ExtensionForm.CrlNumber)?["value"]?.DeepClone();
        form["this_update_offset_s"] = labelled.FirstSeen.SecondsUntil(crl.ThisUpdate.At);
        form["next_update_offset_s"] = crl.NextUpdate is { } next ? labelled.FirstSeen.SecondsUntil(next.At) : null;
        form["time_types"] = Describer.Strings(crl.NextUpdate is { } last ? [crl.ThisUpdate.Type, last.Type] : [crl.ThisUpdate.Type]);
        form["revoked_list_present"] = crl.Revoked is not null;
        form["revoked_in_order_of_serial"] = serials.SequenceEqual(serials.Order());
        // The order depends on random serial numbers, so entries are listed by name.
        JsonObject[] entries = [.. (crl.Revoked ?? []).Select(entry => Entry(entry, labelled.FirstSeen, describer))];
        form["revoked"] = new JsonArray([.. entries.OrderBy(entry => entry["serial"]!.GetValue<string>(), StringComparer.Ordinal)]);
        form["extensions"] = extensions;
        return form;
    }

    private static JsonObject Entry(CrlEntryDer entry, StepMoment firstSeen, Describer describer) => new()
    {
        ["serial"] = describer.NameSerials(entry.Serial.ToString(CultureInfo.InvariantCulture)),
        ["date_offset_s"] = firstSeen.SecondsUntil(entry.Date.At),
        ["time_type"] = entry.Date.Type,
        ["extensions"] = new JsonArray([.. entry.Extensions.Select(ExtensionForm.Of)]),
    };
}

/// <summary>Verifies signatures of CAs: RSA and EC by the platform, ML-DSA by BouncyCastle.</summary>
internal static class SignatureCheck
{
    private static readonly Dictionary<string, HashAlgorithmName> RsaHashes = new()
    {
        ["1.2.840.113549.1.1.11"] = HashAlgorithmName.SHA256, ["1.2.840.113549.1.1.12"] = HashAlgorithmName.SHA384,
        ["1.2.840.113549.1.1.13"] = HashAlgorithmName.SHA512,
    };

    private static readonly Dictionary<string, HashAlgorithmName> EcHashes = new()
    {
        ["1.2.840.10045.4.3.2"] = HashAlgorithmName.SHA256, ["1.2.840.10045.4.3.3"] = HashAlgorithmName.SHA384,
        ["1.2.840.10045.4.3.4"] = HashAlgorithmName.SHA512,
    };

    /// <summary>Says whether the frame's signature verifies under a key, with the algorithm that the frame names.</summary>
    public static bool Verifies(ReadOnlyMemory<byte> keyInfo, SignedDer frame)
    {
        string keyAlgorithm = KeyForm.Of(DerNode.Parse(keyInfo))["alg"]!.GetValue<string>();
        string algorithm = frame.Algorithm.Child(0).Oid();
        ReadOnlySpan<byte> content = frame.Content.Raw.Span;
        return keyAlgorithm switch
        {
            "RSA" => RsaHashes.TryGetValue(algorithm, out HashAlgorithmName hash) && Rsa(keyInfo.Span, content, frame.Signature.Span, hash),
            "EC" => EcHashes.TryGetValue(algorithm, out HashAlgorithmName hash) && Ec(keyInfo.Span, content, frame.Signature.Span, hash),
            "ML-DSA-44" or "ML-DSA-65" or "ML-DSA-87" => MlDsa(keyInfo, content, frame.Signature),
            _ => false,
        };
    }

    private static bool Rsa(
        ReadOnlySpan<byte> keyInfo, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature, HashAlgorithmName hash)
    {
        using var key = RSA.Create();
        key.ImportSubjectPublicKeyInfo(keyInfo, out _);
        return key.VerifyData(content, signature, hash, RSASignaturePadding.Pkcs1);
    }

    private static bool Ec(
        ReadOnlySpan<byte> keyInfo, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature, HashAlgorithmName hash)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(keyInfo, out _);
        return key.VerifyData(content, signature, hash, DSASignatureFormat.Rfc3279DerSequence);
    }

    private static bool MlDsa(ReadOnlyMemory<byte> keyInfo, ReadOnlySpan<byte> content, ReadOnlyMemory<byte> signature)
    {
        var key = (MLDsaPublicKeyParameters)PublicKeyFactory.CreateKey(keyInfo.ToArray());
        MLDsaSigner verifier = new(key.Parameters, deterministic: false);
        verifier.Init(forSigning: false, key);
        verifier.BlockUpdate(content);
        return verifier.VerifySignature(signature.ToArray());
    }
}
